"""How soon questions are answered: as the dashboard asks them, of a server that is warm, and by `socialq` as a
process."""

import collections
import datetime
import http.client
import json
import math
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse

from dashboard import answers, free_port, wait_for

WINDOWS = {"24 h": 86400, "7 d": 7 * 86400, "30 d": 30 * 86400}
# No whole minute of any zone, so that both ends of a window are answered from single posts.
END = datetime.datetime(2026, 12, 1, 22, 47, 13)
# A question is asked no more often once it has taken so many seconds.
PATIENCE = 3
PROCESS_LIMIT = 15

Answers = collections.namedtuple("Answers", "medians p95s")


class Server:
    """`socialq serve` on a store, while the `with` lasts."""

    def __init__(self, products, store):
        self.program, self.store, self.port = products / "socialq", store, free_port()

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--port", str(self.port), "--db", self.store],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the server listens", lambda: answers(self.port))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.terminate()
        self.process.wait()

    def get(self, path):
        """An answer; None if the server gave it up for the time it takes."""
        try:
            status, body = self.request(path)
        except http.client.RemoteDisconnected:
            # A server may close a connection between two requests, and does after an answer that it gave up.
            status, body = self.request(path)
        if status == 503:
            return None
        if status != 200:
            sys.exit(f"bench: {path}: {status} {body[:300]}")
        return json.loads(body)

    def request(self, path):
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        return response.status, response.read()

    def ask(self, name, fields):
        return self.get(f"/api/queries/{name}.json?{urllib.parse.urlencode(fields)}")

    def peak(self):
        """The most memory it had, in bytes; None where the system does not tell."""
        try:
            with open(f"/proc/{self.process.pid}/status") as file:
                return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
        except OSError:
            return None


class Questions:
    """Every query of a store, with what it needs to know."""

    def __init__(self, server):
        self.queries = {query["name"]: query for query in server.get("/api/queries")["queries"]}
        week = self.window("7 d", 0)
        topic = server.ask("top-topics", week)[0]["topic"]
        self.arguments = {
            "account": [("user", server.ask("top-influencers", week)[0]["username"])],
            "post": [("post", server.ask("recent-posts", week)[0]["post_id"])],
            "posts-with-hashtag": [("hashtag", server.ask("top-hashtags", week)[0]["hashtag"])],
        }
        self.filters = [
            [("platform", "Twitter")], [("sentiment", "negative")], [("topic", topic)], [("viral", "1")],
            [("platform", "Twitter"), ("platform", "TikTok"), ("sentiment", "positive"), ("topic", topic)],
        ]

    def window(self, window, step):
        """A window that nobody has asked about, so that no answer that was kept will do."""
        until = END - datetime.timedelta(seconds=step)
        since = until - datetime.timedelta(seconds=WINDOWS[window])
        return [("since", f"{since.isoformat()}Z"), ("until", f"{until.isoformat()}Z")]

    def fields(self, name, window, step, is_filtered):
        """The fields of a question, as the page asks it."""
        fields = self.arguments.get(name, []) + self.window(window, step)
        bucket = "hour" if WINDOWS[window] <= 8 * 86400 else "day"
        if self.queries[name]["bucket"] not in (None, bucket):
            fields = fields + [("bucket", bucket)]
        return fields + (self.filters[step % len(self.filters)] if is_filtered else [])

    def measure(self, name, runs, ask):
        """Milliseconds of each window: the median without a filter, and the 95th percentile, without or with
        filters, whichever is the later.

        `ask` tells whether there was an answer.
        """
        medians, p95s = {}, {}
        for window in WINDOWS:
            late = []
            for is_filtered in (False, True):
                took = []
                # The first question, which is not counted, has the pages of the store read.
                for step in range(runs + 1):
                    start = time.perf_counter()
                    answered = ask(self.fields(name, window, step, is_filtered))
                    seconds = time.perf_counter() - start
                    if not answered:
                        took = [math.inf]
                        break
                    if step > 0:
                        took.append(seconds * 1000)
                    if sum(took) > PATIENCE * 1000:
                        break
                late.append(percentile(took, 0.95))
                medians.setdefault(window, statistics.median(took))
            p95s[window] = max(late)
        return Answers(medians, p95s)

    def over_http(self, server, name):
        return lambda fields: server.ask(name, fields) is not None

    def as_process(self, server, name):
        def ask(fields):
            words = [word for field, value in fields
                     for word in ([f"--{field}"] if field == "viral" else [f"--{field}", value])]
            return run([server.program, name, *words, "--format", "json", "--db", server.store])
        return ask


def run(command):
    """Whether a command ended before the limit."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # A wait with a limit looks now and then only, which would be part of what is measured.
    limit = threading.Timer(PROCESS_LIMIT, process.kill)
    limit.start()
    status = process.wait()
    limit.cancel()
    if status not in (0, -signal.SIGKILL):
        sys.exit(f"bench: {' '.join(map(str, command))}: status {status}")
    return status == 0


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def command(server, runs):
    """Milliseconds of `socialq kpis`, from start to end, about all that is in the store."""
    took = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        run([server.program, "kpis", "--db", server.store])
        took.append((time.perf_counter() - start) * 1000)
    return took[1:]
