"""What charts show and what can be done with them."""

import csv
import os
import sqlite3
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from world import fields, in_chart, pick, point, series_of, settle, wait


def number(text):
    return float(text) if text else None


def instant(text):
    return datetime.fromisoformat(text).timestamp() * 1000


def words(name):
    """The name of a column as the page writes it."""
    text = (name[:-4] + " %" if name.endswith("_pct") else name).replace("_", " ")
    text = text[0].upper() + text[1:]
    return "Average " + text[4:] if text.startswith("Avg ") else text


def expected_series(query, rows):
    """What a chart has to draw for an answer: values by series and place."""
    chart, expected = query["chart"], defaultdict(dict)
    for row in rows:
        for measure in chart["y"]:
            if chart.get("series"):
                name = row[chart["series"]]
            else:
                name = words(measure)
            expected[name][row[chart["x"]]] = number(row[measure])
            if chart.get("series"):
                break
    return expected


def drawn_series(query, series, rows):
    """The same, of what was drawn. Points between rows must say that nothing was counted there."""
    x, form = query["chart"]["x"], query["chart"]["form"]
    drawn = defaultdict(dict)
    places = list(dict.fromkeys(row[x] for row in rows))
    for one in series:
        if form == "line":
            at = {instant(place): place for place in places}
            for moment, value in one["data"]:
                if moment in at:
                    drawn[one["name"]][at[moment]] = value
                else:
                    assert value in (0, None), (query["name"], one["name"], moment, value)
        elif form == "bar":
            assert [item["key"] for item in one["data"]] == places, query["name"]
            drawn[one["name"]] = {item["key"]: item["value"] for item in one["data"]}
        elif form == "pie":
            drawn[words(query["chart"]["y"][0])] = {item["name"]: item["value"] for item in one["data"]}
        elif form == "heatmap":
            for item in one["data"]:
                row = item[3]
                drawn[str(row[query["chart"]["series"]])][str(row[x])] = item[2]
        elif form == "sunburst":
            for group in one["data"]:
                for part in group["children"]:
                    drawn[part["name"]][group["name"]] = part["value"]
    return drawn


def every_chart_equals_the_answer(world):
    page = world.open("?live=0&range=all")
    catalog, compared = world.catalog(), set()
    for panel in page.locator("#charts .panel").all():
        name = panel.get_attribute("id").removeprefix("panel-")
        query = catalog[name]
        bucket = "?bucket=hour" if query.get("bucket") else ""
        rows = world.csv(name, bucket)
        assert rows, name
        if query["chart"]["form"] == "table":
            cells = panel.locator("tbody tr td:first-child").all_inner_texts()
            assert cells == [row[query["columns"][0]["name"]] for row in rows][:20], name
        else:
            drawn = drawn_series(query, series_of(page, name), rows)
            expected = expected_series(query, rows)
            for series, values in expected.items():
                # A value that no row has is a bucket without posts.
                assert {place: value for place, value in drawn[series].items() if place in values} == values, (
                    name, series, values, drawn[series])
                assert all(not value for place, value in drawn[series].items() if place not in values)
            assert drawn.keys() == expected.keys(), name
        compared.add(name)
    assert len(compared) >= 14, compared


def a_click_filters_or_does_not_look_like_it(world):
    page = world.open("?live=0&range=all")

    def cursor(panel, place):
        page.mouse.move(*place)
        page.wait_for_timeout(100)
        return in_chart(page, panel, "chart => chart.getZr().painter.getViewportRoot().style.cursor")

    def click(panel, place):
        assert cursor(panel, place) == "pointer", panel
        settle(page, lambda: page.mouse.click(*place))

    def undo():
        settle(page, lambda: page.keyboard.press("Escape"))

    x, y = point(page, "engagement-by-sentiment", 0, [0, 1])
    click("engagement-by-sentiment", (x, y - 3))
    assert fields(page)["sentiment"] == ["positive"], page.url
    assert page.locator(".chip", has_text="positive").count() == 1
    undo()
    page.locator("#panel-posts-by-platform").scroll_into_view_if_needed()
    name, dx, dy = in_chart(page, "posts-by-platform", """(chart, _, box) => {
      const data = chart.getModel().getSeriesByIndex(0).getData();
      const { cx, cy, r, r0, startAngle, endAngle } = data.getItemLayout(1);
      const [angle, middle] = [(startAngle + endAngle) / 2, (r + r0) / 2];
      const place = box.getBoundingClientRect();
      return [data.getName(1), place.left + cx + middle * Math.cos(angle), place.top + cy + middle * Math.sin(angle)];
    }""")
    click("posts-by-platform", (dx, dy))
    assert fields(page)["platform"] == [name], "a slice"
    undo()
    page.locator("#panel-likes-over-time").scroll_into_view_if_needed()
    box = page.locator("#panel-likes-over-time .chart").bounding_box()
    click("likes-over-time", (box["x"] + 11, box["y"] + 11))
    assert fields(page)["platform"] == [series_of(page, "likes-over-time")[0]["name"]], "an entry of the legend"
    undo()
    x, y = point(page, "top-hashtags", 0, [0, 0])
    x = point(page, "top-hashtags", 0, [1, 0])[0] + 4
    click("top-hashtags", (x, y))
    assert fields(page)["hashtag"] == [world.csv("top-hashtags")[0]["hashtag"]]
    undo()
    # Nothing can be filtered by these.
    before = page.url
    for panel in ("top-locations", "content-types", "languages"):
        flat = in_chart(page, panel, "chart => chart.getOption().yAxis[0].type === 'category'")
        x, y = point(page, panel, 0, [0, 0])
        place = (x + 6, y) if flat else (x, y - 6)
        assert cursor(panel, place) == "default", panel
        page.mouse.click(*place)
    page.wait_for_timeout(200)
    assert page.url == before


def what_is_measured_can_be_picked(world):
    page = world.open("?live=0&range=all")
    panel = page.locator("#panel-likes-over-time")
    panel.locator("select").select_option("posts")
    drawn = series_of(page, "likes-over-time")
    for one in drawn:
        rows = world.csv("likes-over-time", f"?bucket=hour&platform={one['name']}")
        posts = {instant(row["bucket"]): int(row["posts"]) for row in rows}
        assert {moment: value for moment, value in one["data"] if value} == posts, one["name"]
    panel.locator("button", has_text="Log").click()
    assert in_chart(page, "likes-over-time", "chart => chart.getOption().yAxis[0].type") == "log"
    page.locator("#panel-engagement-by-sentiment button", has_text="100 %").click()
    series = series_of(page, "engagement-by-sentiment")
    assert {one["stack"] for one in series} == {"all"}
    for values in zip(*(one["data"] for one in series)):
        assert abs(sum(item["value"] for item in values) - 100) < 1e-6
    platforms = {row["platform"]: int(row["posts"]) for row in world.csv("posts-by-platform")}
    panel = page.locator("#panel-posts-by-platform")
    for view, form in [("Bars", "bar"), ("Pie", "pie")]:
        panel.locator("button", has_text=view).click()
        (one,) = series_of(page, "posts-by-platform")
        assert one["type"] == form
        assert [item["value"] for item in one["data"]] == list(platforms.values())


LABELS = """chart => {
  const [{ label, data }] = chart.getOption().series;
  return data.map(({ key }, dataIndex) => [key, label.formatter({ dataIndex })]);
}"""


def growth_is_told(world):
    # With fixed ends, since the posts of a window that moves on are others a second later.
    end = datetime.now(timezone.utc).replace(microsecond=0, tzinfo=None)
    window = f"?since={(end - timedelta(days=1)).isoformat()}&until={end.isoformat()}"
    page = world.open(f"{window}&live=0")
    shown = dict(in_chart(page, "top-hashtags", LABELS))
    window += "&limit=10000"
    now, before = (
        {row["hashtag"]: int(row["posts"]) for row in world.csv("top-hashtags", window + previous)}
        for previous in ("", "&previous=1"))
    assert shown
    for hashtag, label in shown.items():
        percent = (now[hashtag] - before[hashtag]) / before[hashtag] * 100
        # Halves go up, as JavaScript rounds what it shows.
        step = Decimal("0.1") if abs(percent) < 10 else Decimal(1)
        size = Decimal(abs(percent)).quantize(step, ROUND_HALF_UP)
        note = "" if abs(percent) < 0.05 else f"  {'▲' if percent > 0 else '▼'} {size} %"
        assert label == f"{now[hashtag]:,}{note}", (label, percent)
    page = world.open("?live=0&since=2025-10-26&until=2025-10-27", address=world.edges)
    # With few bars they stand upright, and only their box tells.
    notes = in_chart(page, "top-hashtags", """chart => {
      const { tooltip, series } = chart.getOption();
      return Object.fromEntries(series[0].data.map(({ key }, dataIndex) =>
        [key, tooltip[0].formatter([{ dataIndex }]).querySelector('.muted')?.textContent ?? '']));
    }""")
    assert notes == {"#steady": "▲ 100 %", "#fresh": "new"}, notes


def spikes_are_marked(world):
    page = world.open("?live=0&since=2025-10-20&until=2025-10-21", address=world.edges)
    marked = {one["name"]: one.get("markPoint") for one in series_of(page, "sentiment-trend")}
    (spike,) = marked["Negative"]["data"]
    (row,) = world.csv("sentiment-spikes", "?since=2025-10-20&until=2025-10-21", world.edges)
    assert spike["coord"] == [instant(row["bucket"]), int(row["negative"])], spike
    assert not marked["Positive"]


def a_platform_has_one_colour_and_no_other_has_it(world):
    page = world.open("?live=0&range=all", address=world.edges)
    slices = in_chart(page, "posts-by-platform", """chart => Object.fromEntries(
      chart.getOption().series[0].data.map(({ key, itemStyle }) => [key, itemStyle.color]))""")
    assert len(slices) == 8 == len(set(slices.values())), slices
    lines = in_chart(page, "likes-over-time", """chart => Object.fromEntries(
      chart.getOption().series.map(({ name, itemStyle }) => [name, itemStyle.color]))""")
    assert lines == slices
    # In a view that has but some of them, too.
    page.goto(world.edges + "?live=0&range=all&platform=Zeta&platform=Beta")
    page.wait_for_selector("html[data-ready]")
    some = in_chart(page, "likes-over-time", """chart => Object.fromEntries(
      chart.getOption().series.map(({ name, itemStyle }) => [name, itemStyle.color]))""")
    assert some == {name: slices[name] for name in ("Beta", "Zeta")}


def a_new_query_is_a_new_chart(world):
    folder = world.programs.path("more")
    os.makedirs(folder)
    for name, columns, by in [
        ("mine", "", "platform"),
        ("parted", " series=sentiment", "platform, sentiment"),
    ]:
        with open(os.path.join(folder, f"{name}.sql"), "w") as file:
            file.write(
                f"-- title: My own chart, {name}\n"
                + "".join(f"-- column: {column.strip()} text\n" for column in by.split(","))
                + f"-- column: posts count\n-- chart: bar x=platform y=posts{columns}\n"
                f"SELECT {by}, SUM(posts) AS posts FROM post_facts GROUP BY {by} ORDER BY {by}\n")
    address, _ = world.programs.serve(world.store, "--queries", folder)
    page = world.open("?live=0&range=all", address=address)
    assert page.locator("#panel-mine h2").inner_text() == "My own chart, mine"
    assert [item["value"] for item in series_of(page, "mine")[0]["data"]] == [
        int(row["posts"]) for row in sorted(world.csv("posts-by-platform"), key=lambda row: row["platform"])]
    # Rows of several series stand at one place, one upon the other.
    series = series_of(page, "parted")
    assert [one["name"] for one in series] == ["negative", "neutral", "positive"]
    for one in series:
        rows = world.csv("posts-by-platform", f"?sentiment={one['name']}")
        assert {item["key"]: item["value"] for item in one["data"]} == {
            row["platform"]: int(row["posts"]) for row in rows}
        assert one["stack"] == "all"


def a_chart_can_be_taken_along(world):
    page = world.open("?live=0&range=all")

    with page.expect_download() as download:
        pick(page, "top-topics", "Save as CSV")
    with open(download.value.path()) as file:
        assert list(csv.DictReader(file)) == world.csv("top-topics")
    with page.expect_download() as download:
        pick(page, "top-topics", "Save as PNG")
    with open(download.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    pick(page, "top-topics", "Show as table")
    assert page.locator("#panel-top-topics tbody tr").count() == 8
    pick(page, "top-topics", "Full screen")
    assert page.locator("#panel-top-topics.full").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".panel.full").count() == 0
    pick(page, "top-topics", "SQL and command")
    page.wait_for_selector("#dialog[open] pre")
    command, sql = page.locator("#dialog pre").all_inner_texts()
    assert command == "socialq top-topics", command
    with sqlite3.connect(f"file:{world.store}?mode=ro", uri=True) as store:
        assert len(store.execute(sql).fetchall()) == 8


def a_sunburst_opens_a_level(world):
    page = world.open("?live=0&range=all")
    page.locator("#panel-post-types").scroll_into_view_if_needed()
    box = page.locator("#panel-post-types .chart").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2 - 45)
    wait(
        page, "() => window.echarts.getInstanceByDom(document.querySelector('#panel-post-types .chart'))"
        ".getModel().getSeriesByIndex(0).getViewRoot().name !== ''")


FLOWS = [
    every_chart_equals_the_answer, a_click_filters_or_does_not_look_like_it,
    what_is_measured_can_be_picked, growth_is_told, spikes_are_marked,
    a_platform_has_one_colour_and_no_other_has_it, a_new_query_is_a_new_chart,
    a_chart_can_be_taken_along, a_sunburst_opens_a_level,
]
