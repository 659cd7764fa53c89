"""confluent-kafka without any database, the limit of what a Python consumer can do: bare_client.py BROKERS TOPIC
POSTS."""

import sys

import rate
import topic_reader


def main(brokers, topic, posts):
    done = rate.Rate()
    for values in topic_reader.batches(brokers, topic, int(posts), "bare-client", done.begin):
        done.add(len(values))
    done.show()


if __name__ == "__main__":
    main(*sys.argv[1:])
