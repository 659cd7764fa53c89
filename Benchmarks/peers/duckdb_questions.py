"""Asks DuckDB about the posts of a topic: duckdb_questions.py BROKERS TOPIC POSTS RUNS."""

import json
import sys
import tempfile

import duckdb

import questions
import topic_reader


def main(brokers, topic, posts, runs):
    with tempfile.TemporaryDirectory(prefix="socialq-bench-") as folder:
        with open(f"{folder}/posts.ndjson", "wb") as file:
            for values in topic_reader.batches(brokers, topic, int(posts), "duckdb"):
                file.writelines(value + b"\n" for value in values)
        connection = duckdb.connect(f"{folder}/posts.duckdb")
        connection.execute(
            'CREATE TABLE social_posts AS SELECT * REPLACE (CAST("timestamp" AS timestamp) AS "timestamp") '
            f"FROM read_json('{folder}/posts.ndjson')")
        print(json.dumps(questions.ask_all(connection.cursor(), int(runs))))


if __name__ == "__main__":
    main(*sys.argv[1:])
