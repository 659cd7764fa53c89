"""The peers in turn, each written here, over the same posts of the same broker as socialq."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import packages
import queries

PEERS = pathlib.Path(__file__).resolve().parent / "peers"
sys.path.insert(0, str(PEERS))
import postgres  # noqa: E402

PACKAGES = [
    packages.KAFKA_PYTHON, "lz4==4.4.5", "confluent-kafka==2.16.1", "psycopg2-binary==2.9.13", "duckdb==2.0.0",
]
# A row at a time is so slow that it is not waited for with all posts.
ROW_BY_ROW = 20_000
RUNS = 3


def prepare():
    """Fetches what is not there yet, so that a run does not end for it halfway; the folders of the packages."""
    postgres.find_binaries()
    return [str(packages.require(name)) for name in PACKAGES]


def measure(results, products, address, topic, posts, ours, db):
    """Adds what the peers do with a topic.

    Parameters: ours, the rates of social-consumer with that topic; db, the store that it made of it.
    """
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join(prepare()), "PYTHONDONTWRITEBYTECODE": "1",
    }

    def peer(script, *arguments):
        """What a peer prints, and how many bytes it gave to the disk."""
        process = subprocess.Popen(
            [sys.executable, PEERS / f"{script}.py", *map(str, arguments)], env=environment,
            stdout=subprocess.PIPE, text=True)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"bench: {script} failed")
        return json.loads(output), usage.ru_oublock * 512

    def rates(what, script, posts, *arguments, runs=RUNS):
        found = [peer(script, address, topic, posts, *arguments)[0] for _ in range(runs)]
        values = [run["posts"] / run["seconds"] for run in found]
        results.add(f"{what}, {posts:,} posts", values, "posts/s", "peer")
        return statistics.median(values)

    rates("confluent-kafka without a database", "bare_client", posts)
    with postgres.server() as folder:
        database = postgres.address(folder)
        row_by_row = rates(
            "kafka-python → PostgreSQL, a row a transaction", "row_by_row", min(posts, ROW_BY_ROW), database, runs=1)
        copy = rates("confluent-kafka → PostgreSQL by COPY", "copy_in_batches", posts, database)
        by_postgres, _ = peer("postgres_questions", database, 5)
    with tempfile.TemporaryDirectory(prefix="socialq-bench-") as folder:
        path = f"{folder}/posts.db"
        run, written = peer("python_sqlite", address, topic, posts, path)
        results.add(
            f"confluent-kafka → Python's sqlite3, a row a transaction, {posts:,} posts",
            [run["posts"] / run["seconds"]], "posts/s", "peer")
        results.add("… bytes written per byte of its store", [written / os.path.getsize(path)], "", "peer")
    rate = statistics.median(ours)
    results.add("social-consumer ÷ a row a transaction", [rate / row_by_row], "×", "share", 30)
    results.add("social-consumer ÷ COPY", [rate / copy], "×", "share", 3)

    by_duckdb, _ = peer("duckdb_questions", address, topic, posts, 5)
    with queries.Server(products, db) as server:
        for name in by_duckdb:
            took, rows = ask(server, name, 5)
            for other, answers in (("DuckDB", by_duckdb), ("PostgreSQL", by_postgres)):
                check(name, rows, other, answers[name]["rows"])
            results.beside(
                f"`{name}` of {posts:,} posts: socialq / DuckDB / PostgreSQL",
                [took, by_duckdb[name]["took"], by_postgres[name]["took"]])


def ask(server, name, runs):
    """Milliseconds of a question about all posts, and its rows."""
    took = []
    for step in range(runs + 1):
        start = time.perf_counter()
        # Each time another end that no post lies behind, so that no answer that was kept will do.
        rows = server.ask(name, [("until", f"2027-01-01T00:00:{step:02}Z")])
        took.append((time.perf_counter() - start) * 1000)
    return took[1:], rows


def check(name, ours, other, theirs):
    """Ends the run if a peer answers another question: instants apart, which each writes in its way, rows are the
    same, and numbers to the second decimal."""
    if len(ours) != len(theirs):
        sys.exit(f"bench: {name}: {len(ours)} rows, but {len(theirs)} of {other}")
    for our, their in zip(ours, theirs):
        for column, cell in their.items():
            if column == "bucket":
                continue
            mine = our[column]
            same = abs(mine - cell) < 0.011 if isinstance(cell, float) else mine == cell
            if not same:
                sys.exit(f"bench: {name}: {column} is {mine}, but {cell} of {other}")
