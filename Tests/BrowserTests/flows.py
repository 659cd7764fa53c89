"""Drives the page in a browser: flows.py PRODUCTS, the folder of the programs.

Each flow is a function; one that fails is told with the reason, and the status is 1.
"""

import csv
import io
import os
import sqlite3
import sys
import time
import traceback
import urllib.request
from urllib.parse import parse_qs, urlparse

import axe_playwright_python
from playwright.sync_api import sync_playwright

from dashboard import Programs, wait_for, whole_number

CARDS = [
    "posts", "likes", "comments", "shares", "avg_engagement_rate", "viral_posts", "verified_users",
    "influencers",
]


class World:
    """What flows share: the browser, the programs, and what went wrong unseen."""

    def __init__(self, browser, programs, store, address):
        self.browser, self.programs, self.store, self.address = browser, programs, store, address
        self.problems = []
        self.expected = ()

    def open(self, query="", address=None, ready=True, **options):
        options = {"viewport": {"width": 1440, "height": 900}, **options}
        context = self.browser.new_context(accept_downloads=True, reduced_motion="reduce", **options)
        context.set_default_timeout(20000)
        page = context.new_page()
        own = urlparse(address or self.address).netloc
        page.on("console", lambda message: self.note(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        page.on("request", lambda request: self.check_request(request.url, own))
        page.goto((address or self.address) + query)
        if ready:
            page.wait_for_selector("html[data-ready]")
        return page

    def note(self, kind, text):
        if kind in ("error", "warning") and not any(part in text for part in self.expected):
            self.problems.append(f"{kind}: {text}")

    def check_request(self, url, own):
        parts = urlparse(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != own:
            self.problems.append(f"a request to {url}")

    def csv(self, name, query=""):
        with urllib.request.urlopen(f"{self.address}api/queries/{name}.csv{query}") as answer:
            return list(csv.DictReader(io.StringIO(answer.read().decode())))


def wait(page, condition, argument=None):
    """Waits until a function of JavaScript says yes. The page's own policy forbids Playwright's way."""
    wait_for(condition, lambda: page.evaluate(condition, argument), seconds=20)


def fields(page):
    return parse_qs(urlparse(page.url).query)


def settle(page, action):
    """Does something and waits until the page has shown what follows."""
    before = page.evaluate("Number(document.documentElement.dataset.ready)")
    action()
    wait(page, "before => Number(document.documentElement.dataset.ready) > before", before)


def card(page, name):
    return whole_number(page.get_attribute(f'.card[data-name="{name}"] .card-value', "title"))


def rows_of(page, name):
    """The rows that a panel has drawn."""
    return page.evaluate(
        "name => window.echarts.getInstanceByDom(document.querySelector(`#panel-${name} .chart`))"
        ".getOption().series", name)


def point(page, name, series, value):
    """Where on the page a value of a chart of bars stands."""
    page.locator(f"#panel-{name}").scroll_into_view_if_needed()
    return page.evaluate(
        """([name, series, value]) => {
          const box = document.querySelector(`#panel-${name} .chart`);
          const at = window.echarts.getInstanceByDom(box).convertToPixel({ seriesIndex: series }, value);
          const place = box.getBoundingClientRect();
          return [place.left + at[0], place.top + at[1]];
        }""", [name, series, value])


def figures_equal_the_answers(world):
    page = world.open("?live=0&range=all")
    (expected,) = world.csv("kpis")
    for name in CARDS:
        assert card(page, name) == float(expected[name]), name
    platforms = {row["platform"]: int(row["posts"]) for row in world.csv("posts-by-platform")}
    drawn = {item["name"]: item["value"] for item in rows_of(page, "posts-by-platform")[0]["data"]}
    assert drawn == platforms, drawn
    tags = [int(row["posts"]) for row in world.csv("top-hashtags")]
    assert [item["value"] for item in rows_of(page, "top-hashtags")[0]["data"]] == tags
    shown = page.locator("#panel-recent-posts tbody tr").count()
    assert shown == 20, shown
    assert page.locator("#panel-viral-posts li").count() == 5
    assert page.locator("#panel-top-influencers tbody tr").count() == 10
    page.locator("#panel-top-influencers th button", has_text="Followers").click()
    followers = [whole_number(text) for text in
                 page.locator("#panel-top-influencers tbody tr td:nth-child(5)").all_inner_texts()]
    assert followers == sorted(followers, reverse=True), followers


def filters_narrow_everything_and_the_back_button_undoes(world):
    page = world.open("?live=0&range=all")
    everything = card(page, "posts")
    page.click("#filter-platform")
    page.locator(".menu input[type=search]").fill("tik")
    assert page.locator(".menu .option").count() == 1
    settle(page, lambda: page.locator(".menu .option input").check())
    page.keyboard.press("Escape")
    assert fields(page)["platform"] == ["TikTok"]
    (expected,) = world.csv("kpis", "?platform=TikTok")
    assert card(page, "posts") == float(expected["posts"]) < everything
    settle(page, lambda: page.click("#filter-viral"))
    assert fields(page)["viral"] == ["1"]
    settle(page, page.go_back)
    assert "viral" not in fields(page)
    settle(page, lambda: page.click("#clear"))
    assert card(page, "posts") == everything
    settle(page, lambda: page.keyboard.press("Escape"))
    assert fields(page)["platform"] == ["TikTok"], "Esc undoes the last step"


def a_click_on_a_chart_filters(world):
    page = world.open("?live=0&range=all")
    x, y = point(page, "engagement-by-sentiment", 0, [0, 1])
    settle(page, lambda: page.mouse.click(x, y - 3))
    assert fields(page)["sentiment"] == ["positive"], page.url
    assert page.locator(".chip", has_text="positive").count() == 1


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


def a_link_shows_the_same(world):
    page = world.open("?live=0&range=7d&platform=Twitter&platform=YouTube&tz=Asia%2FKathmandu&compare=0")
    again = world.open("?" + urlparse(page.url).query)
    assert again.url == page.url
    assert [card(again, name) for name in CARDS] == [card(page, name) for name in CARDS]
    assert again.locator("#zone").input_value() == "Asia/Kathmandu"
    assert again.locator('[data-range="7d"]').get_attribute("aria-pressed") == "true"
    assert not again.locator("#compare").is_checked()


def keys_do_it_all(world):
    page = world.open("?live=0&range=1h")
    settle(page, lambda: page.keyboard.press("]"))
    assert fields(page)["range"] == ["24h"]
    settle(page, lambda: page.keyboard.press("["))
    assert fields(page)["range"] == ["1h"]
    page.keyboard.press("p")
    assert "live" not in fields(page)
    page.keyboard.press("p")
    assert fields(page)["live"] == ["0"]
    page.keyboard.press("d")
    assert page.get_attribute("html", "data-theme") == "dark"
    page.keyboard.press("?")
    assert page.locator("#dialog[open] kbd").count() > 5
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("#ai")
    settle(page, lambda: page.keyboard.press("Enter"))
    assert fields(page)["hashtag"] == ["#ai"]


def posts_and_accounts_open_in_a_drawer(world):
    page = world.open("?live=0&range=all")
    name = page.locator("#panel-top-influencers tbody tr").first.locator("td").first.inner_text()
    page.locator("#panel-top-influencers tbody tr button").first.click()
    page.wait_for_selector("#drawer[open] .facts")
    assert page.locator("#drawer-title").inner_text() == name.strip()
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    assert "account" not in fields(page)
    page.locator("#panel-recent-posts tbody tr button").first.click()
    page.wait_for_selector("#drawer[open] .facts")
    assert page.locator("#drawer .facts dt").count() >= 20


def a_chart_can_be_taken_along(world):
    page = world.open("?live=0&range=all")

    def choose(panel, entry):
        page.locator(f"#panel-{panel} .panel-tools [aria-label^=More]").click()
        page.locator(".menu button", has_text=entry).click()

    with page.expect_download() as download:
        choose("top-topics", "Save as CSV")
    with open(download.value.path()) as file:
        assert list(csv.DictReader(file)) == world.csv("top-topics")
    with page.expect_download() as download:
        choose("top-topics", "Save as PNG")
    with open(download.value.path(), "rb") as file:
        assert file.read(8) == b"\x89PNG\r\n\x1a\n"
    choose("top-topics", "Show as table")
    assert page.locator("#panel-top-topics tbody tr").count() == 8
    choose("top-topics", "Full screen")
    assert page.locator("#panel-top-topics.full").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".panel.full").count() == 0
    choose("top-topics", "SQL and command")
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


def no_match_is_told_and_cleared(world):
    page = world.open("?live=0&since=2001-01-01T00:00:00&until=2001-01-02T00:00:00&platform=TikTok")
    assert page.locator("#no-match").inner_text().startswith("No posts match")
    settle(page, lambda: page.locator("#no-match button", has_text="Clear").click())
    settle(page, lambda: page.locator("#no-match button", has_text="Show all time").click())
    assert page.locator("#no-match").count() == 0
    assert card(page, "posts") > 0
    world.expected = ("422",)
    page = world.open("?live=0&platform=Nowhere")
    page.locator("#notices button", has_text="Clear the filters").click()
    wait(page, "() => !document.querySelector('#notices .warning')")


def live_posts_appear_and_pausing_stops_them(world):
    brokers = world.brokers
    page = world.open("?range=all&every=1")
    before = card(page, "posts")
    assert page.get_attribute("#pill", "data-status") in ("live", "stale")
    world.programs.produce(brokers, 50, "1m", seed=8)
    wait(
        page, "before => Number(document.querySelector('.card-value').title.replace(/\\D/g, '')) === before + 50",
        before)
    assert world.programs.count(world.store) == before + 50
    page.click("#pause")
    assert page.get_attribute("#pill", "data-status") == "paused"
    world.programs.produce(brokers, 50, "1m", seed=9)
    wait_for("the posts are stored", lambda: world.programs.count(world.store) == before + 100)
    time.sleep(2)
    assert card(page, "posts") == before + 50
    settle(page, lambda: page.click("#refresh"))
    assert card(page, "posts") == before + 100


def the_page_survives_a_restart_of_the_server(world):
    world.expected = ("ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY")
    address, server = world.programs.serve(world.store)
    page = world.open("?range=all&every=1", address=address)
    before = card(page, "posts")
    world.programs.stop(server)
    page.wait_for_selector('#pill[data-status="reconnecting"]')
    page.keyboard.press("r")
    page.wait_for_selector("#notices .warning")
    assert card(page, "posts") == before, "what was shown stays"
    world.programs.serve(world.store, port=urlparse(address).port)
    page.wait_for_selector('#pill:is([data-status="live"], [data-status="stale"])')
    wait(page, "() => !document.querySelector('#notices .warning')")


def without_a_store_the_page_tells_how_to_fill_one(world):
    world.expected = ("503",)
    path = world.programs.path("later.db")
    address, _ = world.programs.serve(path)
    page = world.open("", address=address, ready=False)
    page.wait_for_selector("#no-data pre")
    assert "social-consumer" in page.locator("#no-data pre").inner_text()
    with sqlite3.connect(f"file:{world.store}?mode=ro", uri=True) as store:
        with sqlite3.connect(path) as copy:
            store.backup(copy)
    page.wait_for_selector("html[data-ready]")
    assert page.locator("#no-data").count() == 0


def without_the_charts_library_there_are_tables(world):
    address, _ = world.programs.serve(world.store, environment={"SOCIALQ_ECHARTS": "/nowhere"})
    page = world.open("?live=0&range=all", address=address)
    assert "script/bootstrap" in page.locator("#notices").inner_text()
    assert page.locator("#panel-top-topics tbody tr").count() == 8
    assert page.locator(".chart").count() == 0


def names_of_users_are_only_text(world):
    path = world.programs.path("hostile.db")
    name = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    with sqlite3.connect(f"file:{world.store}?mode=ro", uri=True) as store:
        with sqlite3.connect(path) as copy:
            store.backup(copy)
            copy.execute("UPDATE usernames SET name = ? || id", [name])
            copy.execute("UPDATE topics SET name = ? || id", [name])
    address, _ = world.programs.serve(path)
    page = world.open("?live=0&range=all", address=address)
    assert page.locator("#panel-top-influencers").inner_text().count("<img") >= 10
    page.locator("#panel-viral-posts button").first.click()
    page.wait_for_selector("#drawer[open] .facts")
    page.keyboard.press("Escape")
    page.click("#filter-topic")
    page.wait_for_selector(".menu .option")
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0


def a_new_query_is_a_new_chart(world):
    folder = world.programs.path("more")
    os.makedirs(folder)
    with open(os.path.join(folder, "mine.sql"), "w") as file:
        file.write(
            "-- title: My own chart\n-- column: platform text\n-- column: posts count\n"
            "-- chart: bar x=platform y=posts\n"
            "SELECT platform, SUM(posts) AS posts FROM post_facts GROUP BY platform ORDER BY platform\n")
    address, _ = world.programs.serve(world.store, "--queries", folder)
    page = world.open("?live=0&range=all", address=address)
    assert page.locator("#panel-mine h2").inner_text() == "My own chart"
    assert [item["value"] for item in rows_of(page, "mine")[0]["data"]] == [
        int(row["posts"]) for row in sorted(world.csv("posts-by-platform"), key=lambda row: row["platform"])]


def axe_finds_nothing_serious(world):
    path = os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js")
    with open(path) as file:
        axe = file.read()
    for query, width in [("&theme=light", 1440), ("&theme=dark", 1440), ("&theme=light", 390)]:
        page = world.open(f"?live=0&range=all{query}", viewport={"width": width, "height": 900})
        page.evaluate(axe)
        found = page.evaluate("axe.run()")["violations"]
        serious = [
            f"{item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0].get('failureSummary', '')[:300]}"
            for item in found if item["impact"] in ("serious", "critical")]
        assert not serious, "\n".join([query, *serious])


def no_width_makes_it_scroll_sideways(world):
    for width in (360, 768, 1280, 3840):
        page = world.open("?live=0&range=all", viewport={"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{width}: {wide} too wide"


FLOWS = [
    figures_equal_the_answers, filters_narrow_everything_and_the_back_button_undoes,
    a_click_on_a_chart_filters, a_brush_sets_the_range, a_link_shows_the_same, keys_do_it_all,
    posts_and_accounts_open_in_a_drawer, a_chart_can_be_taken_along, a_sunburst_opens_a_level,
    no_match_is_told_and_cleared, without_the_charts_library_there_are_tables,
    names_of_users_are_only_text, a_new_query_is_a_new_chart, axe_finds_nothing_serious,
    no_width_makes_it_scroll_sideways, without_a_store_the_page_tells_how_to_fill_one,
    the_page_survives_a_restart_of_the_server, live_posts_appear_and_pausing_stops_them,
]


def main(products, wanted):
    failed = 0
    with Programs(products) as programs, sync_playwright() as playwright:
        brokers, store = programs.broker(), programs.path("store.db")
        programs.start("social-consumer", "--brokers", brokers, "--db", store)
        programs.produce(brokers, 6000, "2d")
        wait_for("the store is there", lambda: os.path.exists(store))
        wait_for("the posts are stored", lambda: programs.count(store) == 6000)
        address, _ = programs.serve(store)
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        world = World(browser, programs, store, address)
        world.brokers = brokers
        for flow in FLOWS:
            if wanted and flow.__name__ not in wanted:
                continue
            world.problems, world.expected = [], ()
            started = time.monotonic()
            try:
                flow(world)
                assert not world.problems, "\n".join(world.problems)
                print(f"passed {flow.__name__} in {time.monotonic() - started:.1f} s", flush=True)
            except Exception:
                failed += 1
                print(f"FAILED {flow.__name__}\n{traceback.format_exc()}{world.problems}", flush=True)
            for context in browser.contexts:
                context.close()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
