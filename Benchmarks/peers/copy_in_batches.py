"""confluent-kafka and PostgreSQL, batches by COPY into a temporary table, from there with ON CONFLICT:
copy_in_batches.py BROKERS TOPIC POSTS DATABASE."""

import csv
import io
import json
import sys

import psycopg2

import original
import rate
import topic_reader


def array(tags):
    """A text of an array, as PostgreSQL reads it."""
    return "{" + ",".join('"' + tag.replace("\\", "\\\\").replace('"', '\\"') + '"' for tag in tags) + "}"


def main(brokers, topic, posts, database):
    connection = psycopg2.connect(database)
    cursor = connection.cursor()
    cursor.execute(original.POSTGRESQL)
    cursor.execute("CREATE TEMPORARY TABLE arrived (LIKE social_posts) ON COMMIT DELETE ROWS")
    connection.commit()
    tags = original.COLUMNS.index("hashtags")
    done = rate.Rate()
    for values in topic_reader.batches(brokers, topic, int(posts), "copy-in-batches", done.begin):
        text = io.StringIO()
        writer = csv.writer(text)
        for value in values:
            row = original.row(json.loads(value))
            row[tags] = array(row[tags])
            writer.writerow(row)
        text.seek(0)
        cursor.copy_expert("COPY arrived FROM STDIN WITH (FORMAT csv)", text)
        cursor.execute("INSERT INTO social_posts SELECT * FROM arrived ON CONFLICT (post_id) DO NOTHING")
        connection.commit()
        done.add(len(values))
    done.show()


if __name__ == "__main__":
    main(*sys.argv[1:])
