"""What a peer prints when it is done: how many posts, and in how many seconds."""

import json
import time


class Rate:
    """The time is from when the partitions are assigned to the last commit: a peer is not charged with its start and
    with joining its group, as social-consumer is."""

    def __init__(self):
        self.start, self.end, self.posts = None, None, 0

    def begin(self, *_):
        self.start = time.monotonic()

    def add(self, posts=1):
        """Counts posts that are stored."""
        self.posts += posts
        self.end = time.monotonic()

    def show(self):
        print(json.dumps({"posts": self.posts, "seconds": self.end - self.start}))
