"""Measures the dashboard on a store of its own: pages.py PRODUCTS [POSTS].

Prints a table: how soon a page has drawn all its panels, how long an answer takes that nobody has asked
for before, what 20 open pages cost the consumer, and whether 300 clients at once are all answered.
"""

import http.client
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

from dashboard import Programs, wait_for

PAGES = 20
CLIENTS = 300


def main(products, posts="200000"):
    posts = int(posts)
    with Programs(products) as programs, sync_playwright() as playwright:
        store = programs.path("store.db")
        brokers = programs.broker()
        consumer = programs.start("social-consumer", "--brokers", brokers, "--db", store)
        programs.produce(brokers, posts, "30d")
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
        beside(programs, store, host, asked, brokers, posts)


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
            for name, times in [("shown", shown), ("ready", took)]:
                times.append(page.evaluate(f"performance.getEntriesByName('{name}')[0].startTime"))
            context.close()
        row(f"a page shows all that is in its window, range {window}", shown)
        row(f"it has drawn all its panels, range {window}", took)
    browser.close()
    paths = [urllib.parse.urlsplit(url) for url in asked]
    return sorted(f"{url.path}?{url.query}" for url in paths if ".json" in url.path and "queries/" in url.path)


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
    """Asks what open pages ask every second, with the copies they have. It gives way, as the browsers of others
    would not take part of this machine at all."""
    os.nice(15)
    watchers = [Page(host, asked, number, stopped) for number in range(PAGES)]
    for watcher in watchers:
        watcher.start()
    for watcher in watchers:
        watcher.join()
        if watcher.error:
            results.put(repr(watcher.error))
            return
    results.put([took for watcher in watchers for took in watcher.took])


class Page(threading.Thread):
    """Asks what an open page asks every second, with the copies it has."""

    def __init__(self, host, asked, number, stopped):
        super().__init__()
        self.host, self.stopped = host, stopped
        # Every other page has a filter.
        sentiment = ["positive", "neutral", "negative"][number % 3]
        self.asked = asked if number % 2 == 0 else [f"{path}&sentiment={sentiment}" for path in asked]
        self.tags, self.took, self.error = {}, [], None

    def run(self):
        try:
            self.ask()
        except Exception as error:
            self.error = error

    def ask(self):
        connection = http.client.HTTPConnection(self.host)
        while not self.stopped.wait(0):
            due = time.monotonic() + 1
            for path in self.asked:
                headers = {"If-None-Match": self.tags[path]} if path in self.tags else {}
                start = time.monotonic()
                self.tags[path] = get(connection, path, headers).headers["ETag"]
                self.took.append((time.monotonic() - start) * 1000)
            self.stopped.wait(max(0, due - time.monotonic()))


def beside(programs, store, host, asked, brokers, posts):
    """How fast the consumer is alone and with pages open, by turns."""
    rates, took = {False: [], True: []}, []
    for turn in range(6):
        is_watched = turn % 2 == 1
        stopped, results = multiprocessing.Event(), multiprocessing.Queue()
        watchers = multiprocessing.Process(target=watch, args=(host, asked, stopped, results))
        if is_watched:
            watchers.start()
        consumer = programs.start("social-consumer", "--brokers", brokers, "--db", store)
        before = programs.count(store)
        start = time.monotonic()
        programs.produce(brokers, posts // 4, "1d", seed=100 + turn)
        while programs.count(store) < before + posts // 4:
            time.sleep(0.3)
        rates[is_watched].append(posts // 4 / (time.monotonic() - start))
        programs.stop(consumer)
        stopped.set()
        if is_watched:
            answer = results.get()
            if isinstance(answer, str):
                raise RuntimeError(answer)
            took += answer
            watchers.join()
    alone, watched = statistics.median(rates[False]), statistics.median(rates[True])
    print(f"| posts/s from producer to store, alone | {alone:,.0f} | |")
    print(f"| the same with {PAGES} pages that refresh every second | {watched:,.0f} | |")
    print(f"| … of the rate alone | {watched / alone:.0%} | |")
    row(f"an answer to one of {PAGES} pages meanwhile", took)


if __name__ == "__main__":
    main(*sys.argv[1:])
