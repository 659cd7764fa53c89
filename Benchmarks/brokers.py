"""The brokers that are measured against: noida-db, which keeps whole topics, and the embedded one of social-broker."""

import contextlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import packages

# What noida-db needs of its clients: it answers with whole partitions, whatever limit they state.
RECEIVE = ["-X", "receive.message.max.bytes=1000000000"]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


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
            wait_for(lambda: accepts(port), "noida-db takes connections")
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
            wait_for(address.exists, "social-broker has an address")
            yield address.read_text().strip()
        finally:
            broker.terminate()
            broker.wait()


def create_topic(address, name):
    """A topic of 4 partitions that keeps posts of any age."""
    sys.path.insert(0, str(packages.require("kafka-python==3.0.12")))
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


def accepts(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(condition, what, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"bench: waited in vain until {what}")
        time.sleep(0.02)
