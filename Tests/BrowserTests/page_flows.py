"""What a user does with the page."""

import io
import json
import os
import sqlite3
import time
import unicodedata
from urllib.parse import parse_qs, urlparse

import axe_playwright_python
import pypdf

from dashboard import wait_for, whole_number
from world import CARDS, card, fields, settle, wait


def figures_equal_the_answers(world):
    page = world.open("?live=0&range=all")
    (expected,) = world.csv("kpis")
    for name in CARDS:
        assert card(page, name) == float(expected[name]), name
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
    wait(page, "() => document.querySelectorAll('.menu .option').length === 1")
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
    wait(page, "() => document.getElementById('pill').textContent === 'No store'")
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


def axe_finds_nothing_serious(world):
    path = os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js")
    with open(path) as file:
        axe = file.read()
    for query, width in [("&theme=light", 1440), ("&theme=dark", 390)]:
        page = world.open(f"?live=0&range=all{query}", viewport={"width": width, "height": 900})
        page.evaluate(axe)
        found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
        serious = [
            f"{item['id']}: {item['nodes'][0]['html'][:160]} {item['nodes'][0].get('failureSummary', '')[:300]}"
            for item in found if item["impact"] in ("serious", "critical")]
        assert not serious, "\n".join([query, *serious])


def no_width_makes_it_scroll_sideways(world):
    page = world.open("?live=0&range=all")
    for width in (360, 768, 1280, 3840):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{width}: {wide} too wide"


def posts_and_accounts_open_in_a_drawer(world):
    page = world.open("?live=0&range=all")
    settle(page, lambda: page.keyboard.press("["))
    page.keyboard.press("]")
    settle(page, lambda: page.click("#filter-viral"))
    page.keyboard.press("]")
    steps = page.evaluate("history.length")

    def open_and_close():
        page.locator("#panel-top-influencers tbody tr button").first.click()
        page.wait_for_selector("#drawer[open] .facts")
        assert "account" in fields(page)
        page.keyboard.press("Escape")
        page.wait_for_selector("#drawer", state="hidden")
        wait(page, "() => !location.search.includes('account')")

    name = page.locator("#panel-top-influencers tbody tr").first.locator("td").first.inner_text()
    for _ in range(2):
        open_and_close()
    assert page.evaluate("history.length") == steps + 1, "closing is the step back, not another one"
    # What Esc undoes then is the filter; the drawer stays closed.
    settle(page, lambda: page.keyboard.press("Escape"))
    assert "viral" not in fields(page) and page.locator("#drawer[open]").count() == 0
    # After going forward as many steps can be undone as before.
    settle(page, page.go_forward)
    assert fields(page)["viral"] == ["1"]
    settle(page, lambda: page.keyboard.press("Escape"))
    assert "viral" not in fields(page), "a step that came back can be undone again"
    # From a post to its account, and out of both at once; a tag leads to the posts.
    page.locator("#panel-recent-posts tbody tr button").first.click()
    page.wait_for_selector("#drawer[open] .facts")
    assert page.locator("#drawer .facts dt").count() >= 20
    page.locator("#drawer button", has_text="The account").click()
    wait(page, "() => location.search.includes('account') && document.querySelector('#drawer h3')")
    page.keyboard.press("Escape")
    wait(page, "() => !/account|post=/.test(location.search)")
    assert page.locator("#drawer[open]").count() == 0
    # One that a link opened closes without leaving the page.
    page = world.open(f"?live=0&range=all&account={name.strip()}")
    page.wait_for_selector("#drawer[open] .facts")
    assert page.locator("#drawer-title").inner_text() == name.strip()
    page.keyboard.press("Escape")
    wait(page, "() => !location.search.includes('account')")
    assert page.locator("#drawer[open]").count() == 0


def recent_posts_are_the_newest_ones(world):
    page = world.open("?live=0&range=all")
    pager = page.locator("#panel-recent-posts .pager")
    assert "1–20 of the newest 200" in pager.inner_text()
    pager.locator("button", has_text="Next").click()
    assert "21–40 of the newest 200" in pager.inner_text()
    times = world.csv("recent-posts", "?limit=40")[20:]
    names = page.locator("#panel-recent-posts tbody tr td:nth-child(2)").all_inner_texts()
    assert [text.strip() for text in names] == [row["username"] for row in times]


def what_the_page_names_is_in_the_catalog(world):
    page = world.open("?live=0&range=all")
    named = page.evaluate("""async () => {
      const { layouts, own } = await import('/assets/layout.js');
      const { sources } = await import('/assets/filters.js');
      return [...own, ...layouts.keys(), ...[...layouts.values()].map(({ marks }) => marks).filter(Boolean),
        ...Object.values(sources).map(([name]) => name)];
    }""")
    assert len(named) > 20
    missing = set(named) - set(world.catalog())
    assert not missing, missing


def links_and_statements_are_copied(world):
    page = world.open("?range=24h&platform=TikTok&live=0")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#share")
    page.wait_for_selector("#toast.shown")
    assert page.locator("#toast").inner_text() == "Link copied"
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    # Without a secure connection to another machine there is no clipboard.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.click("#share")
    wait(page, "() => document.querySelector('#toast').textContent === location.href")
    page.locator("#panel-top-topics .panel-tools [aria-label^=More]").click()
    page.locator(".menu button", has_text="SQL and command").click()
    page.wait_for_selector("#dialog[open] pre")
    page.locator("#dialog button", has_text="Copy").first.click()
    wait(page, "() => document.querySelector('#toast').textContent.startsWith('socialq top-topics')")


def paper_has_it_all(world):
    page = world.open("?live=0&range=all&theme=dark")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    pages = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert 3 <= len(pages) <= 8, len(pages)
    assert all(sheet.mediabox.width > sheet.mediabox.height for sheet in pages)
    # Some fonts write "fl" as one letter.
    text = unicodedata.normalize("NFKC", " ".join(sheet.extract_text() for sheet in pages))
    text = " ".join(text.split())
    titles = page.locator(".panel h2").all_text_contents()
    assert len(titles) > 15
    missing = [title for title in titles if title not in text]
    assert not missing, f"{missing} in {text}"
    # What was drawn for paper was light and as wide as it; the screen has its own again.
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == before
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.body.clientWidth") == 1047
    overhang = page.evaluate("""() => [...document.querySelectorAll('.chart')].filter((box) =>
      box.querySelector('canvas').clientWidth > box.clientWidth
      || box.getBoundingClientRect().right > document.body.getBoundingClientRect().right).length""")
    assert overhang == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.body.clientWidth") > 1400
    assert page.get_attribute("html", "data-theme") == "dark"


def what_passes_is_asked_again(world):
    world.expected = ("503",)
    page = world.open("?live=0&range=all")
    problem = {"status": 503, "code": "timeout", "detail": "it took more than 10 s"}

    def busy(route):
        response = route.fetch()
        asked = parse_qs(urlparse(route.request.url).query)["q"]
        lines = [json.loads(line) for line in response.text().splitlines() if line]
        for line in lines:
            if asked[line["question"]].startswith("kpis.json"):
                line.update(status=503, problem=problem)
        route.fulfill(response=response, body="".join(json.dumps(line) + "\n" for line in lines))

    page.route("**/api/answers*", busy)
    page.click("#refresh")
    page.wait_for_selector("#notices .warning")
    assert "tries again by itself" in page.locator("#notices").inner_text()
    page.unroute("**/api/answers*", busy)
    wait(page, "() => !document.querySelector('#notices .warning')")


def an_answer_that_is_broken_off_is_told(world):
    page = world.open("?live=0&range=all")
    cut = lambda route: route.fulfill(content_type="application/x-ndjson", body='\n{"question":1,"status":200,"etag":"a","answer":[]}\n{"ques')
    page.route("**/api/answers*", cut)
    before = card(page, "posts")
    page.keyboard.press("r")
    page.wait_for_selector("#notices .warning")
    assert "does not answer" in page.locator("#notices").inner_text()
    assert card(page, "posts") == before
    page.unroute("**/api/answers*", cut)
    wait(page, "() => !document.querySelector('#notices .warning')")


def many_and_large_answers_are_asked_for(world):
    folder = world.programs.path("queries")
    os.makedirs(folder)
    with open(os.path.join(folder, "many.sql"), "w") as file:
        file.write("-- title: Many\n-- column: id id\nSELECT post_id AS id FROM scoped_posts\n"
                   "  CROSS JOIN (WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 90) SELECT i FROM n)\n"
                   "LIMIT 90000\n")
    address, _ = world.programs.serve(world.store, "--queries", folder)
    page = world.open("?live=0&range=all", address=address)
    # Too large for a line among others, and asked for twice at once.
    lengths = page.evaluate("""async () => {
      const { ask } = await import('/assets/api.js');
      const all = await Promise.all(['many', 'kpis', 'many'].map((name) => ask(name, new URLSearchParams())));
      return all.map((rows) => rows.length);
    }""")
    assert lengths == [90000, 1, 90000], lengths
    # More than are kept, in several requests; the second time some come as they were.
    counts = page.evaluate("""async () => {
      const { ask } = await import('/assets/api.js');
      const fields = [...Array(150)].map((_, number) => new URLSearchParams({ limit: number + 1 }));
      const count = async () => (await Promise.all(fields.map((one) => ask('top-hashtags', one)))).map((rows) => rows.length);
      return [await count(), await count()];
    }""")
    assert counts[0] == counts[1] and counts[0][:3] == [1, 2, 3], counts


def a_slow_question_does_not_hold_the_others_back(world):
    world.expected = ("503",)
    folder = world.programs.path("slow")
    os.makedirs(folder)
    with open(os.path.join(folder, "endless.sql"), "w") as file:
        file.write("-- title: Endless\n-- column: n count\n-- chart: bar x=n y=n\n"
                   "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) AS n FROM n\n")
    address, _ = world.programs.serve(world.store, "--queries", folder)
    page = world.open("?range=all&every=1", address=address, ready=False)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    before = int(world.csv("kpis")[0]["posts"])
    for number in range(6):
        world.programs.produce(world.brokers, 2, "1m", seed=30 + number)
        page.wait_for_timeout(1000)
    wait(page, f"() => document.querySelector('.card-value').title.replace(/\\D/g, '') === '{before + 12}'")
    # It takes ten seconds; the others are asked for again and again meanwhile, and it is not.
    assert sum("q=kpis.json" in url for url in asked) >= 3, asked
    assert sum("q=endless.json" in url for url in asked) <= 2, asked


def a_chart_is_drawn_at_its_size_at_once(world):
    page = world.open("?live=0&range=all", script="""
      window.resizes = 0;
      Object.defineProperty(window, 'echarts', { configurable: true, set(library) {
        const init = (...words) => {
          const chart = library.init(...words);
          const resize = chart.resize.bind(chart);
          chart.resize = (...sizes) => { window.resizes += 1; resize(...sizes); };
          return chart;
        };
        Object.defineProperty(window, 'echarts', { value: { ...library, init } });
      } });""")
    page.wait_for_timeout(500)
    assert page.locator(".chart canvas").count() > 10
    assert page.evaluate("window.resizes") == 0
    page.set_viewport_size({"width": 1000, "height": 900})
    wait(page, "() => window.resizes > 10")


def before_there_is_anything_the_bar_works(world):
    page = world.browser.new_context().new_page()
    page.on("pageerror", lambda error: world.problems.append(f"error: {error}"))
    held = []
    page.route("**/api/queries", lambda route: held.append(route))
    page.goto(world.address)
    page.click("#export")
    assert page.locator(".menu button").all_inner_texts() == ["Print, or save as PDF"]
    for route in held:
        route.abort()


def a_hidden_page_asks_nothing(world):
    page = world.open("?range=all&every=1")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    hide = """isHidden => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    before = card(page, "posts")
    page.evaluate(hide, True)
    time.sleep(0.5)
    asked.clear()
    world.programs.produce(world.brokers, 5, "1m", seed=11)
    wait_for("the posts are stored", lambda: world.programs.count(world.store) == before + 5)
    time.sleep(1.5)
    assert not asked, asked
    page.evaluate(hide, False)
    wait(page, f"() => document.querySelector('.card-value').title.replace(/\\D/g, '') === '{before + 5:.0f}'")


def the_interval_is_kept(world):
    page = world.open("?range=all&every=1")
    page.select_option("#every", "5")
    assert fields(page)["every"] == ["5"]
    moments = []
    page.on("request", lambda request: "q=kpis.json" in request.url and moments.append(time.monotonic()))
    page.keyboard.press("r")
    before = card(page, "posts")
    for seed in (12, 13):
        world.programs.produce(world.brokers, 3, "1m", seed=seed)
        page.wait_for_timeout(1200)
    wait(page, f"() => document.querySelector('.card-value').title.replace(/\\D/g, '') === '{before + 6:.0f}'")
    gaps = [later - earlier for earlier, later in zip(moments, moments[1:])]
    assert gaps and min(gaps) > 4.5, gaps
    assert "at most every 5 s" in page.locator("#snapshot").inner_text()


FLOWS = [
    figures_equal_the_answers, filters_narrow_everything_and_the_back_button_undoes,
    a_link_shows_the_same, keys_do_it_all, posts_and_accounts_open_in_a_drawer,
    recent_posts_are_the_newest_ones, what_the_page_names_is_in_the_catalog,
    links_and_statements_are_copied, no_match_is_told_and_cleared,
    without_the_charts_library_there_are_tables, names_of_users_are_only_text,
    axe_finds_nothing_serious, no_width_makes_it_scroll_sideways, paper_has_it_all,
    what_passes_is_asked_again,
    an_answer_that_is_broken_off_is_told, many_and_large_answers_are_asked_for, a_chart_is_drawn_at_its_size_at_once,
    a_slow_question_does_not_hold_the_others_back, before_there_is_anything_the_bar_works,
    without_a_store_the_page_tells_how_to_fill_one, the_page_survives_a_restart_of_the_server,
    a_hidden_page_asks_nothing, the_interval_is_kept, live_posts_appear_and_pausing_stops_them,
]
