"""Measures socialq and prints one table: measure.py PRODUCTS --quick|--full [--compare] [--baseline].

`--quick` is about 200,000 posts, `--full` about up to ten million as well. `SOCIALQ_BEFORE` names an earlier
social-consumer, which then runs in turn with this one.
"""

import argparse
import math
import os
import pathlib
import statistics
import tempfile

import baseline
import brokers
import compare
import data
import queries
import results
import stages
import topic_to_store

SMALL = 200_000
# As dense as ten million posts in thirty days, and thin, where a post changes a row of each rollup.
DENSE, THIN = 0.6, 30
RUNS = 3

# The milliseconds that a question may take at ten million posts, of any window and filter. Those that count
# accounts, each once, or list them may take the longest.
MUST = {name: 100 for name in ("account", "follower-tiers", "kpis", "kpis-over-time", "top-influencers")}
MUST |= {name: 5 for name in ("posts-with-hashtag", "recent-posts", "viral-posts")}
MUST_ELSE = 20


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description="Measures socialq and prints one table.")
    parser.add_argument("products", type=pathlib.Path, help=argparse.SUPPRESS)
    size = parser.add_mutually_exclusive_group(required=True)
    size.add_argument("--quick", action="store_true", help="200,000 posts, some five minutes")
    size.add_argument("--full", action="store_true", help="up to ten million posts, an hour")
    parser.add_argument("--compare", action="store_true", help="run the peers too")
    parser.add_argument("--baseline", action="store_true", help="keep the figures as the ones to compare with")
    parser.add_argument(
        "--largest", type=int, default=10_000_000, metavar="POSTS", help="another size of --full, to try it out")
    options = parser.parse_args()
    sizes = [SMALL] if options.quick else [SMALL, options.largest // 10, options.largest]

    if options.compare:
        compare.prepare()
    table = results.Results()
    with tempfile.TemporaryDirectory(prefix="socialq-bench-") as work:
        measure_stages(table, options.products, work)
        measure_topic(table, options, work)
        measure_pipeline(table, options, work)
        measure_producer(table, options.products)
    medians = {posts: measure_queries(table, options, posts) for posts in sizes}
    if options.full:
        growth(table, medians[sizes[1]], medians[sizes[2]], sizes)
    table.load("at the end")
    table.add("calibration loop", baseline.loop(), "ms", "loop")
    print()
    if options.baseline:
        baseline.write(table.found)
        print(f"{len(table.found)} figures kept in {baseline.FILE.name}.")
    else:
        print("\n".join(baseline.compare(table.found)))


def measure_stages(table, products, work):
    for days in (DENSE, THIN):
        baseline.calibrate()
        found = stages.measure(products, SMALL, days, RUNS, f"{work}/stages.db")
        for stage, values in found.items():
            table.add(f"{stages.NAMES[stage]}, {days} days", values, "µs a post", "time")


def measure_topic(table, options, work):
    consumers = {"": options.products / "social-consumer"}
    if os.environ.get("SOCIALQ_BEFORE"):
        consumers = {"before, ": os.environ["SOCIALQ_BEFORE"], **consumers}
    with brokers.noida() as address:
        baseline.calibrate()
        measure_joining(table, options.products, address, f"{work}/one.db")
        published = []
        for days in (DENSE, THIN):
            span = f"{days * 1440:.0f}m"
            topic = f"posts_over_{span}"
            brokers.create_topic(address, topic)
            published.append(
                SMALL / brokers.produce(options.products, address, topic, SMALL, span, *brokers.RECEIVE))
            runs = {name: [] for name in consumers}
            for turn in range(RUNS):
                for name, program in consumers.items():
                    db = f"{work}/{topic}.db"
                    runs[name].append(topic_to_store.consume(program, address, topic, f"{topic}-{name}{turn}", db))
            for name, found in runs.items():
                what = f"{name}topic → store, {SMALL:,} posts over {days} days"
                rates = [SMALL / run.seconds for run in found]
                table.add(what, rates, "posts/s", "rate", 80_000)
                table.add(
                    f"{what}: processor time", [run.cpu_seconds / SMALL * 1e6 for run in found], "µs a post", "time")
                # What the broker sends is in the memory, too: whole partitions.
                usage(table, what, found, SMALL, has_bounds=days == DENSE, memory_must=None)
            if options.compare and days == DENSE:
                compare.measure(table, options.products, address, topic, SMALL, rates, db)
        table.add("social-producer → noida-db", published, "posts/s", "rate", 150_000)


def measure_joining(table, products, address, db):
    """What of the times of a whole topic is the start of the program, joining the group, and its end."""
    brokers.create_topic(address, "one_post")
    brokers.produce(products, address, "one_post", 1, "1m", *brokers.RECEIVE)
    runs = [
        topic_to_store.consume(products / "social-consumer", address, "one_post", f"one-{turn}", db)
        for turn in range(RUNS)]
    table.add("topic → store, 1 post", [run.seconds * 1000 for run in runs], "ms", "time")


def usage(table, what, runs, posts, has_bounds=True, memory_must=250):
    """Rows on what a consumer wrote and held; the bounds are for posts as dense as ten million in thirty days."""
    table.add(
        f"{what}: bytes written per byte of store", [run.written / run.size for run in runs], "", "size",
        6 if has_bounds else None)
    table.add(
        f"{what}: bytes of store a post", [run.size / posts for run in runs], "", "size", 300 if has_bounds else None)
    table.add(f"{what}: consumer's peak memory", [run.peak / 1e6 for run in runs], "MB", "size", memory_must)


def measure_pipeline(table, options, work):
    """Producer, broker and consumer at once, up to the largest store."""
    posts = SMALL if options.quick else max(SMALL, options.largest)
    stretch = max(posts // 10, SMALL // 2)
    baseline.calibrate()
    rates, run = topic_to_store.beside_producer(options.products, posts, f"{work}/pipeline.db", stretch)
    what = f"producer → social-broker → consumer at once, {posts:,} posts"
    table.add(
        f"{what}, {stretch:,} at a time", rates, "posts/s", "rate", 60_000 if options.full else None)
    if len(rates) > 2:
        table.add("… the last of them ÷ the second", [rates[-1] / rates[1]], "", "share", 0.7)
    usage(table, what, [run], posts)


def measure_producer(table, products):
    baseline.calibrate()
    rates = []
    for _ in range(RUNS):
        with brokers.embedded(products, partitions=4) as address:
            rates.append(SMALL / brokers.produce(products, address, "social_media", SMALL, "864m"))
    table.add("social-producer → social-broker", rates, "posts/s", "rate", 150_000)


def measure_queries(table, options, posts):
    """Each query of a store; the medians by query and window."""
    is_largest = options.full and posts == options.largest
    medians = {}
    store = data.store(options.products, posts)
    with queries.Server(options.products, store) as server:
        questions = queries.Questions(server)
        for name in questions.queries:
            baseline.calibrate(loops=1)
            found = questions.measure(name, 20, questions.over_http(server, name))
            must = MUST.get(name, MUST_ELSE) if is_largest else None
            table.windows(f"`{name}`, {posts:,} posts, dashboard", found.medians, found.p95s, must)
            medians[name] = found.medians
        table.add(
            f"dashboard's peak memory after that, {posts:,} posts", [server.peak() / 1e6], "MB", "size",
            150 if is_largest else None)
        for name in questions.queries:
            baseline.calibrate(loops=1)
            found = questions.measure(name, 5, questions.as_process(server, name))
            table.windows(f"`socialq {name}`, {posts:,} posts, process", found.medians, found.p95s)
        baseline.calibrate()
        table.add(
            f"`socialq kpis` of all {posts:,} posts, process", queries.command(server, 40), "ms", "time",
            40 if is_largest else None)
    return medians


def growth(table, small, large, sizes):
    for name, medians in large.items():
        times = [median / small[name][window] for window, median in medians.items()]
        # Two that were both given up tell nothing.
        worst = max((value for value in times if not math.isnan(value)), default=math.inf)
        table.add(
            f"`{name}`, {sizes[2]:,} ÷ {sizes[1]:,} posts at equal days, dashboard, the worst of the windows", [worst],
            "×", "growth", 1.5)


if __name__ == "__main__":
    main()
