"""From a topic to a store: social-consumer on a topic that was filled before, and beside a producer."""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import brokers
from dashboard import free_port

# After how many seconds without a post a run has failed.
STANDSTILL = 60

Run = collections.namedtuple("Run", "seconds cpu_seconds written peak size")


def consume(consumer, address, topic, group, db):
    """Runs a consumer on a new store until the topic's end; joining the group is part of the time."""
    delete(db)
    with tempfile.TemporaryFile("w+") as talk:
        start = time.monotonic()
        process = subprocess.Popen(
            [consumer, "--brokers", address, "--topic", topic, "--group", group, "--db", db, "--exit-at-end",
             *brokers.RECEIVE],
            stderr=talk)
        return ended(process, db, start, talk)


def ended(process, db, start, talk):
    """Waits for the end of a consumer; what it used."""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        talk.seek(0)
        sys.exit(f"bench: social-consumer failed: {talk.read()}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_oublock * 512, usage.ru_maxrss * 1024,
               os.path.getsize(db))


def delete(db):
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(f"{db}{suffix}").unlink(missing_ok=True)


def beside_producer(products, posts, db, every):
    """Runs producer, embedded broker and consumer at once: no broker has to hold all posts, and its answers are small.

    The rates are of stretches of so many posts, from the first transaction on.
    """
    delete(db)
    port = free_port()
    # As dense as ten million in thirty days.
    span = f"{posts * 2592 // 10000}s"
    with brokers.embedded(products, partitions=16) as address, tempfile.TemporaryFile("w+") as talk:
        start = time.monotonic()
        consumer = subprocess.Popen(
            [products / "social-consumer", "--brokers", address, "--db", db, "--metrics-port", str(port)], stderr=talk)
        producing = threading.Thread(
            target=brokers.produce, args=(products, address, "social_media", posts, span, "--max-lag", "80000"),
            daemon=True)
        producing.start()
        try:
            rates = follow(consumer, port, posts, every, start)
        finally:
            consumer.terminate()
            run = ended(consumer, db, start, talk)
        return rates, run


def follow(consumer, port, posts, every, start):
    """Waits until a consumer has stored so many posts; the rates of its stretches."""
    rates, stored, since, stretch = [], 0, start, None
    while stored < posts:
        time.sleep(0.1)
        now, (count, lost) = time.monotonic(), counts(port)
        if lost:
            sys.exit(f"bench: the embedded broker dropped {lost} posts before they were read")
        # Looked at only: what it used is told to the one who waits for it.
        has_ended = os.waitid(os.P_PID, consumer.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if has_ended or now - since > STANDSTILL:
            sys.exit(f"bench: no more than {stored} posts were stored")
        if count == stored:
            continue
        stored, since = count, now
        if stretch is None:
            stretch = (stored, now)
        elif stored - stretch[0] >= every or stored == posts:
            rates.append((stored - stretch[0]) / (now - stretch[1]))
            stretch = (stored, now)
    return rates


def counts(port):
    """How many posts a consumer has stored, and how many messages expired before it read them."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            text = answer.read().decode()
    except OSError:
        return 0, 0
    stored = re.search(r'^socialq_messages_total{outcome="stored"} (\d+)', text, re.M)
    missing = re.search(r"^socialq_missing_messages_total (\d+)", text, re.M)
    return int(stored.group(1)), int(missing.group(1))
