"""kafka-python and PostgreSQL, a statement and a transaction for each message, as the original consumer does:
row_by_row.py BROKERS TOPIC POSTS DATABASE."""

import json
import sys

import psycopg2
from kafka import ConsumerRebalanceListener, KafkaConsumer

import original
import rate


def main(brokers, topic, posts, database):
    posts = int(posts)
    connection = psycopg2.connect(database)
    cursor = connection.cursor()
    cursor.execute(original.POSTGRESQL)
    connection.commit()
    names = ", ".join(f'"{name}"' for name in original.COLUMNS)
    insert = (f"INSERT INTO social_posts ({names}) VALUES ({', '.join(['%s'] * len(original.COLUMNS))}) "
              "ON CONFLICT (post_id) DO NOTHING")
    consumer = KafkaConsumer(
        bootstrap_servers=brokers, group_id="row-by-row", auto_offset_reset="earliest")
    done = rate.Rate()
    consumer.subscribe([topic], listener=Assignment(done))
    for message in consumer:
        cursor.execute(insert, original.row(json.loads(message.value)))
        connection.commit()
        done.add()
        if done.posts == posts:
            break
    done.show()
    consumer.close(autocommit=False)


class Assignment(ConsumerRebalanceListener):
    def __init__(self, done):
        self.done = done

    def on_partitions_assigned(self, assigned):
        self.done.begin()

    def on_partitions_revoked(self, revoked):
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])
