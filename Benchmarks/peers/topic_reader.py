"""The messages of a topic by confluent-kafka, in batches."""

from confluent_kafka import Consumer

BATCH = 10_000


def batches(brokers, topic, posts, group, on_assign=lambda *_: None):
    """Values of so many messages from the topic's beginning."""
    consumer = Consumer({
        "bootstrap.servers": brokers, "group.id": group, "auto.offset.reset": "earliest",
        "receive.message.max.bytes": 1_000_000_000, "enable.auto.commit": False,
    })
    consumer.subscribe([topic], on_assign=on_assign)
    left = posts
    while left > 0:
        messages = consumer.consume(min(BATCH, left), timeout=1)
        for message in messages:
            if message.error():
                raise RuntimeError(message.error())
        if messages:
            left -= len(messages)
            yield [message.value() for message in messages]
    consumer.close()
