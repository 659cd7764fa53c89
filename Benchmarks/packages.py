"""Packages of the Python Package Index that the benchmarks need, each in a folder of its own in `.build`, where
the tests keep theirs."""

import os
import pathlib
import subprocess
import sys
import tempfile

TOOLS = pathlib.Path(__file__).resolve().parent.parent / ".build" / "test-tools"
KAFKA_PYTHON = "kafka-python==3.0.12"
NOIDA_DIGEST = "40a2fb15567e3d344e7483df62bb439e7d64ac6fb232f4f223554aed58204f82"


def require(requirement, sha256=None):
    """Fetches a package of an exact version, unless it is there, without what it depends on; its folder."""
    folder = TOOLS / requirement.replace("==", "-")
    if folder.exists():
        return folder
    TOOLS.mkdir(parents=True, exist_ok=True)
    # Only a whole package is ever at the final place.
    with tempfile.TemporaryDirectory(dir=TOOLS, prefix="partial-") as scratch:
        lines = pathlib.Path(scratch, "requirements.txt")
        lines.write_text(requirement + (f" --hash=sha256:{sha256}" if sha256 else "") + "\n")
        partial = pathlib.Path(scratch, "package")
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
             "--only-binary", ":all:", "--target", partial, "--requirement", lines],
            stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"bench: pip could not install {requirement}: {done.stderr}")
        os.rename(partial, folder)
    return folder


def noida():
    """The program of a broker that shares no code with librdkafka."""
    program = require("noida-db==0.2.3", NOIDA_DIGEST) / "noida_db" / "noida-db"
    program.chmod(0o755)
    return program
