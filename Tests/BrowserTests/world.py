"""What flows share: the page in a browser, and what it shows."""

import csv
import io
import json
import urllib.request
from urllib.parse import parse_qs, urlparse

from dashboard import wait_for, whole_number
from edge_posts import edge_posts

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
        self.edge_address = None

    def open(self, query="", address=None, ready=True, script=None, **options):
        options = {"viewport": {"width": 1440, "height": 900}, **options}
        context = self.browser.new_context(accept_downloads=True, reduced_motion="reduce", **options)
        context.set_default_timeout(20000)
        page = context.new_page()
        if script:
            page.add_init_script(script)
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

    def get(self, path, address=None):
        with urllib.request.urlopen((address or self.address) + path) as answer:
            return answer.read().decode()

    def csv(self, name, query="", address=None):
        text = self.get(f"api/queries/{name}.csv{query}", address)
        return list(csv.DictReader(io.StringIO(text)))

    def catalog(self):
        return {query["name"]: query for query in json.loads(self.get("api/queries"))["queries"]}

    @property
    def edges(self):
        """The address of a server on a store of few posts, made for what is rare: see `edge_posts.py`."""
        if not self.edge_address:
            path = self.programs.path("edges.ndjson")
            with open(path, "w") as file:
                file.writelines(json.dumps(post) + "\n" for post in edge_posts())
            store = self.programs.path("edges.db")
            self.programs.run("socialq", "import", path, "--db", store)
            self.edge_address, _ = self.programs.serve(store)
        return self.edge_address


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


def in_chart(page, name, script, argument=None):
    """What a function of JavaScript makes of a panel's chart, as `chart`, and of an argument."""
    return page.evaluate(
        f"""([name, argument]) => {{
          const box = document.querySelector(`#panel-${{name}} .chart`);
          const chart = window.echarts.getInstanceByDom(box);
          return ({script})(chart, argument, box);
        }}""", [name, argument])


def series_of(page, name):
    """The series that a panel has drawn: name, type and data of each."""
    return in_chart(page, name, """chart => JSON.parse(JSON.stringify(chart.getOption().series
      .map(({ name, type, data, stack, markPoint }) => ({ name, type, data, stack, markPoint }))))""")


def pick(page, panel, entry):
    """Chooses from the menu of a panel."""
    page.locator(f"#panel-{panel} .panel-tools [aria-label^=More]").click()
    page.locator(".menu button", has_text=entry).click()


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
