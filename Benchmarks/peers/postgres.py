"""A PostgreSQL server of a benchmark's own: Debian's, in a temporary folder, reached by a Unix socket there."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

USER = "analyst"


@contextlib.contextmanager
def server():
    """Runs a server; its folder.

    It has the settings that PostgreSQL comes with, but for one, which makes its commits as durable as those of a
    store of socialq: the last ones may go with the power, and nothing else.
    """
    binaries = find_binaries()
    folder = tempfile.mkdtemp(prefix="socialq-bench-pg-")
    # The server refuses to be run by root.
    run_as = []
    if os.getuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
        run_as = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--pdeathsig", "INT"]
    made = subprocess.run(
        [*run_as, binaries / "initdb", "-D", f"{folder}/data", "-U", USER, "--auth=trust", "--encoding=UTF8",
         "--locale=C.UTF-8"],
        capture_output=True, text=True, cwd=folder)
    if made.returncode != 0:
        sys.exit(f"bench: initdb: {made.stderr}")
    process = subprocess.Popen(
        [*run_as, binaries / "postgres", "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses=",
         "-c", "synchronous_commit=off"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        deadline = time.monotonic() + 30
        while not os.path.exists(f"{folder}/.s.PGSQL.5432"):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("bench: PostgreSQL does not start")
            time.sleep(0.05)
        yield folder
    finally:
        process.send_signal(2)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def address(folder):
    """How psycopg2 connects to the server in a folder."""
    return f"host={folder} user={USER} dbname=postgres"


def find_binaries():
    """Where the server's programs are: Debian keeps them out of the `PATH`."""
    versions = [int(path.name) for path in pathlib.Path("/usr/lib/postgresql").glob("[0-9]*")]
    if not versions:
        sys.exit("bench: PostgreSQL is missing: run 'script/bootstrap --tests'")
    return pathlib.Path(f"/usr/lib/postgresql/{max(versions)}/bin")
