"""Measures how long commands take from start to end on a small store: start.py PRODUCTS."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

COMMANDS = [
    ["--version"], ["--help"], ["list"], ["kpis"], ["top-hashtags", "--since", "7d"],
    ["recent-posts", "--format", "csv"], ["list", "--format", "json"],
]
RUNS = 40


def main(products):
    program = os.path.join(products, "socialq")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "SOCIALQ_DB": os.path.join(folder, "store.db")}
        fixture = os.path.join(os.path.dirname(__file__), "../Tests/Fixtures/original-5k.ndjson")
        subprocess.run([program, "import", fixture], check=True, env=environment, capture_output=True)
        print("| command, 5,000 posts | median | best |\n|---|---:|---:|")
        for words in COMMANDS:
            took = []
            for _ in range(RUNS):
                start = time.monotonic()
                subprocess.run([program, *words], check=True, env=environment, capture_output=True)
                took.append((time.monotonic() - start) * 1000)
            print(
                f"| `socialq {' '.join(words)}` | {statistics.median(took):.1f} ms "
                f"| {min(took):.1f} ms |")


if __name__ == "__main__":
    main(*sys.argv[1:])
