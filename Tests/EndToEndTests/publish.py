"""Publishes posts with kafka-python, as a program of the original system would.

usage: publish.py BROKERS TOPIC FILE

FILE holds a post a line; each is keyed by its post_id.
"""

import json
import sys

from kafka import KafkaProducer

brokers, topic, path = sys.argv[1:]
producer = KafkaProducer(bootstrap_servers=brokers, acks="all")
with open(path, "rb") as lines:
    sent = [
        producer.send(topic, line, key=json.loads(line)["post_id"].encode())
        for line in map(bytes.strip, lines)
    ]
producer.flush()
for result in sent:
    result.get(timeout=30)
