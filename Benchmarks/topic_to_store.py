#!/usr/bin/env python3
"""Measures social-consumer from a topic to a store: a broker, a topic filled once, the consumer several times.

Prints one line of a table for each history, with the medians of the runs. The time is that of the whole
process, joining the group included.
"""

import argparse
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".build" / "test-tools"
RECEIVE = ["-X", "receive.message.max.bytes=1000000000"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_broker(folder):
    program = TOOLS / "noida-db-0.2.3" / "noida_db" / "noida-db"
    if not program.exists():
        sys.exit("bench: noida-db is not there: run 'script/test --filter KafkaTests' once, which fetches it")
    port = free_port()
    broker = subprocess.Popen(
        [program, "start", "--data-dir", folder, "--host", "127.0.0.1", "--only", "kafka",
         "--kafka-port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return broker, f"127.0.0.1:{port}"
        except OSError:
            time.sleep(0.05)
    sys.exit("bench: noida-db does not start")


def create_topic(address, name):
    sys.path.insert(0, str(next(TOOLS.glob("kafka-python-*"))))
    from kafka.admin import KafkaAdminClient, NewTopic
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic(name, 4, 1, topic_configs={"retention.ms": "-1"})])
    admin.close()


def consume(consumer, address, topic, run, db, extra):
    """Runs the consumer on a new store; its wall time, CPU time, bytes written and peak memory."""
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(db + suffix).unlink(missing_ok=True)
    begin = time.monotonic()
    process = subprocess.Popen(
        [consumer, "--brokers", address, "--topic", topic, "--group", f"{topic}-{run}",
         "--db", db, "--exit-at-end", *RECEIVE, *extra],
        stderr=subprocess.PIPE, text=True)
    talk = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench: social-consumer failed: {talk}")
    return (time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_oublock * 512,
            usage.ru_maxrss * 1024, talk.strip().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the programs")
    parser.add_argument("--history", action="append", required=True, metavar="POSTS:SPAN[:RUNS]")
    parser.add_argument("--produce", default="", help="further options of social-producer")
    parser.add_argument("--consume", default="", help="further options of social-consumer")
    parser.add_argument("--before", type=pathlib.Path, help="an earlier social-consumer to run in turn")
    parser.add_argument("--keep", help="folder for the last store of each history")
    options = parser.parse_args()

    work = tempfile.mkdtemp(prefix="socialq-bench-")
    broker, address = start_broker(os.path.join(work, "broker"))
    consumers = [("this", options.bin / "social-consumer")]
    if options.before:
        consumers.insert(0, ("before", options.before))
    print("| consumer | posts | over | runs | posts/s (min–max) | CPU µs a post | B written per B of store "
          "| B of store a post | peak MB |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    try:
        for history in options.history:
            posts, span, runs = (history.split(":") + ["3"])[:3]
            topic = f"bench_{posts}_{span}".replace(".", "_")
            create_topic(address, topic)
            subprocess.run(
                [options.bin / "social-producer", "--brokers", address, "--topic", topic, "--seed", "1",
                 "--start", "2026-11-25T00:00:00Z", "--backfill", span, "--backfill-count", posts,
                 "--backfill-only", *RECEIVE, *options.produce.split()],
                check=True, stderr=subprocess.DEVNULL)
            db = os.path.join(options.keep or work, f"{topic}.db")
            results = {name: [] for name, _ in consumers}
            for run in range(int(runs)):
                for name, program in consumers:
                    result = consume(program, address, topic, f"{name}-{run}", db, options.consume.split())
                    print(f"  {name} {result[0]:.2f} s: {result[4]}", file=sys.stderr)
                    results[name].append(result + (os.path.getsize(db),))
            for name, found in results.items():
                rates = sorted(int(posts) / r[0] for r in found)
                cpu, written, peak, size = (statistics.median(r[i] for r in found) for i in (1, 2, 3, 5))
                print(f"| {name} | {int(posts):,} | {span} | {runs} | {statistics.median(rates):,.0f} "
                      f"({rates[0]:,.0f}–{rates[-1]:,.0f}) | {cpu / int(posts) * 1e6:.1f} "
                      f"| {written / size:.1f} | {size / int(posts):.0f} | {peak / 1e6:.0f} |", flush=True)
    finally:
        broker.terminate()
        broker.wait()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
