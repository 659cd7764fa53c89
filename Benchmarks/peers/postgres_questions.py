"""Asks PostgreSQL about what copy_in_batches.py has stored: postgres_questions.py DATABASE RUNS."""

import json
import sys

import psycopg2

import questions


def main(database, runs):
    connection = psycopg2.connect(database)
    connection.autocommit = True
    cursor = connection.cursor()
    # So that plans know the table, as they do in a server that has run for a while.
    cursor.execute("VACUUM ANALYZE social_posts")
    print(json.dumps(questions.ask_all(cursor, int(runs))))


if __name__ == "__main__":
    main(*sys.argv[1:])
