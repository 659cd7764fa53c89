"""What decoding and storing cost, stage by stage, without Kafka: bench-ingest."""

import subprocess

STAGES = ["decode", "fold", "prepare", "store, CPU", "posts", "rollups", "commit"]
NAMES = {
    "decode": "decode",
    "fold": "fold the hashtags (part of decode)",
    "prepare": "look up texts, make rows",
    "store, CPU": "store, processor time of all stages",
    "posts": "aggregate, insert",
    "rollups": "write rollups",
    "commit": "commit",
}


def measure(products, posts, days, runs, db):
    """Microseconds a post of each stage, a value for each run."""
    found = {stage: [] for stage in STAGES}
    for _ in range(runs):
        table = subprocess.run(
            [products / "bench-ingest", "--posts", str(posts), "--days", str(days), "--db", db],
            check=True, capture_output=True, text=True).stdout.splitlines()
        names, values = cells(table[0]), cells(table[-1])
        # The first column, which is named as a stage is, tells how many posts the row is of.
        row = dict(zip(names[1:], values[1:]))
        for stage in STAGES:
            found[stage].append(float(row[stage]))
    return found


def cells(line):
    return [cell.strip() for cell in line.strip("| ").split("|")]
