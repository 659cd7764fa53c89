"""Windows, the period before, zones, and clocks that change."""

from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode, urlparse

from world import CARDS, card, fields, in_chart, series_of, settle
from dashboard import whole_number

BERLIN = {"tz": "Europe/Berlin", "since": "2025-10-26T00:00:00", "until": "2025-10-27T00:00:00"}


def instant(text):
    return datetime.fromisoformat(text).timestamp() * 1000


def a_brush_sets_the_range(world):
    page = world.open("?live=0&range=24h")
    box = page.locator("#panel-likes-over-time .chart").bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.4, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, y, steps=6)
    settle(page, page.mouse.up)
    assert "since" in fields(page) and "until" in fields(page), page.url
    expected = world.csv("kpis", "?" + urlparse(page.url).query.replace("&live=0", ""))
    assert card(page, "posts") == float(expected[0]["posts"])


def cards_compare_with_the_period_before(world):
    """The page's, the endpoint's and the queries' period before are one, whatever the zone."""
    ago = datetime.now(timezone.utc) - timedelta(minutes=110)
    windows = [
        {"range": "24h"},
        # Local time ahead of UTC and behind it, with an open end.
        {"since": (ago + timedelta(hours=5.5)).strftime("%Y-%m-%dT%H:%M:%S"), "tz": "Asia/Kolkata"},
        {"since": ago.strftime("%Y-%m-%dT%H:%M:%SZ"), "tz": "America/New_York"},
    ]
    page = world.open("?live=0")
    for window in windows:
        page.goto(f"{world.address}?live=0&{urlencode(window)}")
        page.wait_for_selector("html[data-ready]")
        query = "?" + urlencode({"since": window["range"]} if "range" in window else window)
        (now,), (before,) = world.csv("kpis", query), world.csv("kpis", query + "&previous=1")
        rows = world.csv("compare-platforms", query)
        assert sum(int(row["previous_posts"]) for row in rows) == int(before["posts"]) > 0, window
        for name in CARDS:
            note = page.locator(f'.card[data-name="{name}"] .card-note')
            title = note.get_attribute("title")
            # The window has moved on by a few seconds.
            allowed = max(5, float(before[name]) * 0.05)
            assert abs(whole_number(title) - float(before[name])) <= allowed, (window, name, title)
        # Less than two hours are drawn by the minute.
        if "since" in window:
            moments = [moment for moment, _ in series_of(page, "sentiment-trend")[0]["data"]]
            assert min(b - a for a, b in zip(moments, moments[1:])) == 60000, window
    page.goto(f"{world.address}?live=0&until=2040-01-01")
    page.wait_for_selector("html[data-ready]")
    assert page.locator(".card-note").all_inner_texts() == [""] * 8, "nothing comes before"
    # The hour that the clocks repeat counts: 37 hours are compared with 37, which begin before noon.
    page = world.open(f"?live=0&{urlencode({**BERLIN, 'until': '2025-10-27T12:00:00'})}", address=world.edges)
    title = page.locator('.card[data-name="posts"] .card-note').get_attribute("title")
    assert title.startswith("1 "), title


def an_hour_that_comes_twice_is_two(world):
    page = world.open(f"?live=0&{urlencode(BERLIN)}", address=world.edges)
    data = next(one["data"] for one in series_of(page, "sentiment-trend") if one["name"] == "Positive")
    # Half past two, twice; then the first and the last of the hours without posts; then eight o'clock.
    assert data == [[instant(f"2025-10-26T{hour}:00:00Z"), count] for hour, count in [
        ("00", 1), ("01", 1), ("02", 0), ("06", 0), ("07", 1)]], data
    titles = in_chart(page, "sentiment-trend", """(chart, instants) => {
      const [{ formatter }] = chart.getOption().tooltip;
      return instants.map((instant) => formatter([{ value: [instant, 1] }]).querySelector('strong').textContent);
    }""", [moment for moment, _ in data])
    assert titles[:2] == ["26 Oct 2025 02:00 +02", "26 Oct 2025 02:00 +01"], titles
    # A line is broken or touches nothing where there was nothing, also in the cards.
    points = page.locator('.card[data-name="posts"] polyline').get_attribute("points").split()
    assert len(points) == 5 and points[1].startswith("14.29,") and points[3].startswith("85.71,"), points
    assert page.locator('.card[data-name="avg_engagement_rate"] polyline').count() == 2
    # A stretch that is chosen from the chart says which of the two it means.
    settle(page, lambda: in_chart(page, "sentiment-trend", """(chart, coordRange) => chart.dispatchAction({
      type: 'brushEnd', areas: [{ brushType: 'lineX', xAxisIndex: 0, coordRange }] })""",
        [instant("2025-10-26T01:00:00Z"), instant("2025-10-26T02:00:00Z")]))
    chosen = fields(page)
    assert (chosen["since"], chosen["until"]) == (["2025-10-26T02:00:00+01:00"], ["2025-10-26T03:00:00+01:00"]), page.url
    assert card(page, "posts") == 1
    # The form shows both ends in the zone, and what is not touched stays as it was.
    page.click(".segments button:has-text('Custom')")
    assert page.input_value("#custom-since") in ("2025-10-26T02:00", "2025-10-26T02:00:00")
    page.fill("#custom-until", "2025-10-26T09:00:00")
    settle(page, lambda: page.click(".form .primary"))
    chosen = fields(page)
    assert (chosen["since"], chosen["until"]) == (["2025-10-26T02:00:00+01:00"], ["2025-10-26T09:00:00"])
    assert card(page, "posts") == 2


def a_zone_moves_the_clocks_and_not_the_posts(world):
    page = world.open("?live=0&range=24h")
    posts = card(page, "posts")
    settle(page, lambda: page.select_option("#zone", "Australia/Adelaide"))
    assert fields(page)["tz"] == ["Australia/Adelaide"]
    assert abs(card(page, "posts") - posts) <= 20, "the window has only moved on by a moment"
    labels = in_chart(page, "sentiment-trend", """chart => {
      const { customValues, formatter } = chart.getOption().xAxis[0].axisLabel;
      return customValues.map((instant) => [instant, formatter(instant)]);
    }""")
    assert len(labels) > 4
    for place, label in labels:
        local = datetime.fromtimestamp(place / 1000, timezone(timedelta(hours=10, minutes=30)))
        assert local.minute == 0 and (label == local.strftime("%H:%M") or local.hour == 0), (local, label)
    # Buckets begin at whole hours there.
    buckets = [moment for moment, _ in series_of(page, "sentiment-trend")[0]["data"]]
    assert all((moment / 60000 + 630) % 60 == 0 for moment in buckets)
    assert page.locator("#panel-recent-posts tbody td").first.inner_text().strip().endswith("+10:30")


FLOWS = [
    a_brush_sets_the_range, cards_compare_with_the_period_before,
    an_hour_that_comes_twice_is_two, a_zone_moves_the_clocks_and_not_the_posts,
]
