"""One table of figures, printed row by row as they come."""

import math
import os
import platform
import statistics

import baseline


class Results:
    def __init__(self):
        self.found = {}
        print("| what | median | spread | must | |")
        print("|---|---:|---:|---:|---|", flush=True)
        self.fact("machine", processor())
        self.fact("cores", str(os.cpu_count()))
        self.fact("kernel", f"{platform.system()} {platform.release()}")
        self.load("at the start")

    def fact(self, what, value):
        print(f"| {what} | {value} | | | |", flush=True)

    def load(self, when):
        self.fact(f"load {when}", " ".join(f"{load:.1f}" for load in os.getloadavg()))

    def add(self, what, values, unit, kind, must=None):
        """A row of one measure: the median of its values and how far they spread."""
        median = statistics.median(values)
        spread = f"{number(min(values))}–{number(max(values))}" if len(values) > 1 else ""
        self.row(what, f"{number(median)} {unit}".rstrip(), spread, must, median, unit, kind)
        self.keep(what, median, kind)

    def windows(self, what, medians, p95s, must=None):
        """A row of one question about several windows: medians, and the 95th percentile of each."""
        slowest = max(p95s.values())
        self.row(
            what, " / ".join(map(number, medians.values())) + " ms",
            "p95 " + " / ".join(map(number, p95s.values())), must, slowest, "ms", "time")
        for window, median in medians.items():
            self.keep(f"{what}, {window}", median, "time")

    def beside(self, what, several):
        """A row of the same measure of several programs, in milliseconds."""
        self.row(
            what, " / ".join(number(statistics.median(values)) for values in several) + " ms",
            " / ".join(f"{number(min(values))}–{number(max(values))}" for values in several), None, 0, "ms", "time")

    def row(self, what, median, spread, must, value, unit, kind):
        if must is None:
            bound, verdict = "", ""
        else:
            is_floor = kind in ("rate", "share")
            bound = f"{'≥' if is_floor else '≤'} {number(must)} {unit}".rstrip()
            verdict = "met" if (value >= must if is_floor else value <= must) else "**missed**"
        print(f"| {what} | {median} | {spread} | {bound} | {verdict} |", flush=True)

    def keep(self, what, value, kind):
        if kind in baseline.KINDS and math.isfinite(value):
            self.found[what] = baseline.ratio(value, kind)


def number(value):
    if math.isinf(value):
        return "over limit"
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".")


def processor():
    try:
        with open("/proc/cpuinfo") as file:
            return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
