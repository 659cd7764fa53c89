"""confluent-kafka and Python's sqlite3 with the original's table, a transaction for each message:
python_sqlite.py BROKERS TOPIC POSTS FILE."""

import json
import sqlite3
import sys

import original
import rate
import topic_reader


def main(brokers, topic, posts, path):
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(original.SQLITE)
    insert = f"INSERT OR IGNORE INTO social_posts VALUES ({', '.join(['?'] * len(original.COLUMNS))})"
    done = rate.Rate()
    for values in topic_reader.batches(brokers, topic, int(posts), "python-sqlite", done.begin):
        for value in values:
            post = json.loads(value)
            post["hashtags"] = json.dumps(post["hashtags"])
            connection.execute(insert, original.row(post))
            connection.commit()
            done.add()
    done.show()
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
