"""Stores of made-up posts that are made once and kept outside of the repository: in `$SOCIALQ_BENCH_DATA`, else in
`.build/bench-data`."""

import hashlib
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
# One more than the widest window, so that windows of 30 days have posts at both of their ends.
DAYS = 31
# When the posts of bench-ingest begin.
START = "2026-11-01T00:00:00Z"


def store(products, posts):
    """A store of so many posts."""
    folder = pathlib.Path(os.environ.get("SOCIALQ_BENCH_DATA") or ROOT / ".build" / "bench-data")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{posts}-posts-{origin()}.db"
    if path.exists():
        return path
    for old in folder.glob(f"{posts}-posts-*"):
        old.unlink()
    partial = folder / f"{posts}-posts-partial.db"
    subprocess.run(
        [products / "bench-ingest", "--posts", str(posts), "--days", str(DAYS), "--batch", "50000", "--db", partial],
        check=True, stdout=subprocess.DEVNULL)
    partial.rename(path)
    return path


def origin():
    """Changes when the store's form or the generator does, and with them what has to be in a store."""
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("migrations/*.sql"), *ROOT.glob("Sources/SyntheticPosts/*.swift")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]
