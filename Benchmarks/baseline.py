"""Holds a run against the committed one. Machines differ, so that times and rates are kept as ratios to a loop that
is measured in the same run; sizes are kept as they are."""

import json
import pathlib
import sqlite3
import statistics
import time
import zlib

FILE = pathlib.Path(__file__).parent / "baseline.json"
# By how much a figure may be worse.
TOLERANCE = 0.20
KINDS = ("time", "rate", "size")

_loops = []


def calibrate(loops=3):
    """Does what a store does, in ways that socialq has no part in: parsing, an index in memory, going over bytes.

    It is called before each group of measures, which then go by the latest loops, so that a machine whose load
    changes is held against itself.
    """
    text = json.dumps({f"name {number}": [number, number / 7, "text"] for number in range(40)})
    for _ in range(loops):
        start = time.perf_counter()
        for _ in range(2000):
            json.loads(text)
        with sqlite3.connect(":memory:") as store:
            store.execute("CREATE TABLE t (a TEXT UNIQUE, b INTEGER)")
            store.executemany(
                "INSERT INTO t VALUES (?, ?)",
                ((f"{number * 2654435761 % 4294967296:x}", number) for number in range(20000)))
        store.close()
        data = text.encode() * 8000
        for _ in range(4):
            zlib.crc32(data)
        _loops.append(time.perf_counter() - start)


def ratio(value, kind):
    """A figure as it is kept."""
    seconds = statistics.median(_loops[-6:])
    return {"time": value / seconds, "rate": value * seconds, "size": value}[kind], kind


def loop():
    """How many milliseconds the loops of this run took."""
    return [seconds * 1000 for seconds in _loops]


def write(found):
    lines = [
        f" {json.dumps(what, ensure_ascii=False)}: " + json.dumps({"kind": kind, "ratio": float(f"{value:.4g}")})
        for what, (value, kind) in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def compare(found):
    """Lines on what has fallen by more than the tolerance."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    lines = []
    for what, (value, kind) in found.items():
        if what not in known or value == 0 or known[what]["ratio"] == 0:
            continue
        share = value / known[what]["ratio"]
        left = share if kind == "rate" else 1 / share
        if left < 1 - TOLERANCE:
            lines.append(f"- {what}: {1 - left:.0%} {'worse' if kind == 'size' else 'slower'} than the baseline")
    common = sum(what in known for what in found)
    told = f"{common} figures held against the baseline, {len(lines) or 'none'} fell by more than {TOLERANCE:.0%}"
    return [told + (":" if lines else ".")] + lines
