"""The brokers that are measured against: noida-db, which keeps whole topics, and the embedded one of social-broker."""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import time

import packages
from dashboard import answers, free_port, wait_for

# What noida-db needs of its clients: it answers with whole partitions, whatever limit they state.
RECEIVE = ["-X", "receive.message.max.bytes=1000000000"]


@contextlib.contextmanager
def noida():
    """Runs noida-db; the address."""
    program = packages.noida()
    with tempfile.TemporaryDirectory(prefix="socialq-bench-") as folder:
        port = free_port()
        broker = subprocess.Popen(
            [program, "start", "--data-dir", folder, "--host", "127.0.0.1", "--only", "kafka",
             "--kafka-port", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for("noida-db takes connections", lambda: answers(port))
            yield f"127.0.0.1:{port}"
        finally:
            broker.terminate()
            broker.wait()


@contextlib.contextmanager
def embedded(products, partitions):
    """Runs social-broker with a topic `social_media`; the address."""
    with tempfile.TemporaryDirectory(prefix="socialq-bench-") as folder:
        address = pathlib.Path(folder, "address")
        broker = subprocess.Popen(
            [products / "social-broker", "--partitions", str(partitions), "--address-file", address],
            stdout=subprocess.DEVNULL)
        try:
            wait_for("social-broker has an address", address.exists)
            yield address.read_text().strip()
        finally:
            broker.terminate()
            broker.wait()


def create_topic(address, name):
    """A topic of 4 partitions that keeps posts of any age."""
    sys.path.insert(0, str(packages.require(packages.KAFKA_PYTHON)))
    from kafka.admin import KafkaAdminClient, NewTopic
    admin = KafkaAdminClient(bootstrap_servers=address)
    admin.create_topics([NewTopic(name, 4, 1, topic_configs={"retention.ms": "-1"})])
    admin.close()


def produce(products, address, topic, posts, span, *further):
    """Publishes a history; how many seconds the process took."""
    start = time.monotonic()
    done = subprocess.run(
        [products / "social-producer", "--brokers", address, "--topic", topic, "--seed", "1",
         "--start", "2026-11-25T00:00:00Z", "--backfill", span, "--backfill-count", str(posts),
         "--backfill-only", *further],
        stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"bench: social-producer failed: {done.stderr}")
    return time.monotonic() - start
