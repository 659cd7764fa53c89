"""The programs around a page: a store that is being filled, and the server."""

import os
import re
import socket
import subprocess
import tempfile
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Programs:
    """Runs the programs that were built, on files of their own, until the `with` ends."""

    def __init__(self, products):
        self.products = products
        self.files = tempfile.TemporaryDirectory(prefix="socialq-browser-")
        self.running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in reversed(self.running):
            self.stop(program)
        self.files.cleanup()

    def path(self, name):
        return os.path.join(self.files.name, name)

    def start(self, name, *arguments, environment=None):
        log = open(self.path(f"{name}-{len(self.running)}.log"), "w+")
        program = subprocess.Popen(
            [os.path.join(self.products, name), *arguments], stdout=log, stderr=log,
            env={**os.environ, **(environment or {})})
        program.log = log
        self.running.append(program)
        return program

    def stop(self, program):
        if program.poll() is None:
            program.terminate()
            try:
                program.wait(10)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        if program in self.running:
            self.running.remove(program)

    def run(self, name, *arguments):
        return subprocess.run(
            [os.path.join(self.products, name), *arguments], check=True, capture_output=True,
            text=True).stdout

    def broker(self):
        """Starts the development broker; the address of it."""
        self.start("social-broker", "--address-file", self.path("address"))
        wait_for("the broker has an address", lambda: os.path.exists(self.path("address")))
        with open(self.path("address")) as file:
            return file.read().strip()

    def produce(self, brokers, count, span, seed=7):
        self.run(
            "social-producer", "--brokers", brokers, "--seed", str(seed), "--backfill", span,
            "--backfill-count", str(count), "--backfill-only", "--max-lag", "20000")

    def count(self, store):
        text = self.run("socialq", "kpis", "--format", "csv", "--db", store)
        return int(text.splitlines()[1].split(",")[0])

    def serve(self, store, *arguments, port=None, environment=None):
        """Starts the server; its address."""
        port = port or free_port()
        server = self.start(
            "socialq", "serve", "--port", str(port), "--db", store, *arguments,
            environment=environment)
        wait_for("the server listens", lambda: answers(port))
        return f"http://127.0.0.1:{port}/", server


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(what, condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.05)


def whole_number(text):
    """The number that a text of the page stands for: `1,234` is 1234."""
    return float(re.sub(r"[^\d.]", "", text))
