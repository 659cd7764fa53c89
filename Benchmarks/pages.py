"""Measures the dashboard on a store of its own: pages.py PRODUCTS [POSTS].

Prints a table: how soon a page has drawn all its panels, how long an answer takes that nobody has asked
for before, what 20 open pages cost the consumer, and whether 300 clients at once are all answered.
"""

import http.client
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

from playwright.sync_api import sync_playwright

import brokers
from dashboard import Programs, wait_for

PAGES = 20
CLIENTS = 300


def main(products, posts="200000"):
    posts = int(posts)
    with Programs(products) as programs, sync_playwright() as playwright:
        store = programs.path("store.db")
        broker = programs.broker()
        consumer = programs.start("social-consumer", "--brokers", broker, "--db", store)
        programs.produce(broker, posts, "30d")
        wait_for("the store is there", lambda: os.path.exists(store))
        wait_for("the posts are stored", lambda: programs.count(store) == posts, seconds=900)
        programs.stop(consumer)
        address, _ = programs.serve(store)
        host = urllib.parse.urlsplit(address).netloc

        print(f"| {posts:,} posts, {os.cpu_count()} processors | median | worst |")
        print("|---|---:|---:|")
        asked = pages(playwright, address)
        answers(host, asked)
        clients(address)
        beside(programs, store, host, asked, posts)


def row(what, values, unit="ms"):
    print(f"| {what} | {statistics.median(values):,.0f} {unit} | {max(values):,.0f} {unit} |", flush=True)


def pages(playwright, address):
    """Loads the page; what it asks."""
    asked = set()
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    for window in ["all", "7d", "24h"]:
        shown, took = [], []
        for _ in range(5):
            # A context of its own has nothing in its cache.
            context = browser.new_context(viewport={"width": 1440, "height": 1000})
            page = context.new_page()
            if window == "24h":
                page.on("request", lambda request: asked.add(request.url))
            page.goto(f"{address}?range={window}&live=0")
            # The page takes the time itself: to be asked whether it is ready would take a part of it.
            time.sleep(3)
            page.wait_for_selector("html[data-ready]")
            for name, times in [("shown", shown), ("ready", took)]:
                times.append(page.evaluate(f"performance.getEntriesByName('{name}')[0].startTime"))
            context.close()
        row(f"a page shows all that is in its window, range {window}", shown)
        row(f"it has drawn all its panels, range {window}", took)
    browser.close()
    return sorted(
        question for url in asked if "/api/answers" in url for question in questions(url))


def questions(url):
    """The questions of a request, as `/api/queries/` takes them, so that fields can follow."""
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["q"]
    return [question if "?" in question else f"{question}?" for question in asked]


def get(connection, path, headers={}):
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    if response.status not in (200, 304):
        raise AssertionError(f"{path}: {response.status} {body[:200]}")
    return response


def answers(host, asked):
    """Asks each question about windows that nobody has asked about."""
    connection = http.client.HTTPConnection(host)
    asked = [f"/api/queries/{question}" for question in asked]
    for name, window in [("24 hours", 86400), ("7 days", 7 * 86400), ("30 days", 30 * 86400)]:
        fresh, again = [], []
        for path in asked:
            base = re.sub(r"(since|until|previous)=[^&]*&?", "", path)
            slowest = []
            for step in range(5):
                since = time.strftime(
                    "%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - window - 60 * step))
                for times in (slowest, again):
                    start = time.monotonic()
                    get(connection, f"{base}&since={since}")
                    times.append((time.monotonic() - start) * 1000)
            fresh.append((statistics.median(slowest), base))
        row(f"an answer not asked for before, of each question the median, {name}", [took for took, _ in fresh])
        took, path = max(fresh)
        print(f"| … the slowest is {path.split('?')[0]} | | {took:,.0f} ms |")
        row(f"the same answer again, {name}", again)


def clients(address):
    """Asks with many connections at once."""
    for path in ["", "api/queries/kpis.json?since=24h", "api/queries/top-hashtags.csv?since=7d"]:
        report = subprocess.run(
            ["wrk", "-t2", f"-c{CLIENTS}", "-d10s", "--timeout", "10s", "--latency", address + path],
            check=True, capture_output=True, text=True).stdout
        rate = re.search(r"Requests/sec:\s*([\d.]+)", report).group(1)
        late = re.search(r"99%\s+(\S+)", report).group(1)
        errors = re.findall(r"Socket errors.*|Non-2xx.*", report)
        print(
            f"| {CLIENTS} clients at /{path.split('?')[0]}: {float(rate):,.0f} answers/s, "
            f"99 % within {late} | {'no error' if not errors else '; '.join(errors)} | |", flush=True)


def watch(host, asked, stopped, results):
    """What open pages do. They give way, as the browsers of others would not take part of this machine at all."""
    os.nice(15)
    pages = [Page(host, asked, number, stopped) for number in range(PAGES)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
        if page.error:
            results.put(repr(page.error))
            return
    results.put([took for page in pages for took in page.took])


class Page(threading.Thread):
    """Follows the store and asks again at every change it is told of, once a second at most, with the copies it has."""

    def __init__(self, host, asked, number, stopped):
        super().__init__()
        self.host, self.stopped = host, stopped
        # Every other page has a filter.
        sentiment = ["positive", "neutral", "negative"][number % 3]
        self.asked = asked if number % 2 == 0 else [f"{question}&sentiment={sentiment}" for question in asked]
        self.tags, self.took, self.error = {}, [], None

    def run(self):
        try:
            self.follow()
        except Exception as error:
            self.error = error

    def follow(self):
        connection = http.client.HTTPConnection(self.host)
        events = http.client.HTTPConnection(self.host)
        events.request("GET", "/api/events")
        stream = events.getresponse()
        due, version = 0, None
        while not self.stopped.is_set():
            # Something comes every ten seconds.
            line = stream.readline().decode()
            if not line.startswith("data: {\"changed\""):
                continue
            told = json.loads(line[6:])["version"]
            if told == version:
                continue
            version = told
            self.stopped.wait(max(0, due - time.monotonic()))
            due = time.monotonic() + 1
            self.ask(connection, version)

    def ask(self, connection, version):
        path = "/api/answers?" + urllib.parse.urlencode([("q", question) for question in self.asked])
        start = time.monotonic()
        connection.request(
            "GET", f"{path}&version={version}", headers={"If-None-Match": ", ".join(self.tags.values())})
        response = connection.getresponse()
        lines = [json.loads(line) for line in response.read().splitlines() if line]
        self.took.append((time.monotonic() - start) * 1000)
        if response.status != 200 or len(lines) != len(self.asked):
            raise AssertionError(f"{path}: {response.status}, {len(lines)} answers")
        for line in lines:
            if line["status"] not in (200, 304):
                raise AssertionError(f"{path}: {line}")
            self.tags[line["question"]] = line["etag"]


def beside(programs, store, host, asked, posts):
    """How fast the consumer reads a topic that is there, alone and with pages open, by turns."""
    rates, took = {False: [], True: []}, []
    with brokers.noida() as address:
        for turn in range(6):
            topic = f"turn-{turn}"
            brokers.create_topic(address, topic)
            programs.run(
                "social-producer", "--brokers", address, "--topic", topic, "--seed", str(100 + turn),
                "--backfill", "1d", "--backfill-count", str(posts), "--backfill-only")
            is_watched = turn % 2 == 1
            stopped, results = multiprocessing.Event(), multiprocessing.Queue()
            watchers = multiprocessing.Process(target=watch, args=(host, asked, stopped, results))
            if is_watched:
                watchers.start()
                time.sleep(2)
            rates[is_watched].append(posts / consume(programs, address, topic, store))
            stopped.set()
            if is_watched:
                answer = results.get()
                if isinstance(answer, str):
                    raise RuntimeError(answer)
                took += answer
                watchers.join()
    alone, watched = statistics.median(rates[False]), statistics.median(rates[True])
    print(f"| posts/s of the consumer on a full topic, alone | {alone:,.0f} | |")
    print(f"| the same with {PAGES} pages that refresh every second | {watched:,.0f} | |")
    print(f"| … of the rate alone | {watched / alone:.0%} | |")
    row(f"all answers of one of {PAGES} pages meanwhile", took)


def consume(programs, address, topic, store):
    """Reads a topic to its end into the store; the seconds from the group's first assignment on."""
    consumer = programs.start(
        "social-consumer", "--brokers", address, "--topic", topic, "--db", store, "--exit-at-end",
        *brokers.RECEIVE)
    wait_for("the consumer reads", lambda: "reading " in log(consumer), seconds=30)
    start = time.monotonic()
    if consumer.wait(300) != 0:
        raise RuntimeError(log(consumer))
    return time.monotonic() - start


def log(program):
    with open(program.log.name) as file:
        return file.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
