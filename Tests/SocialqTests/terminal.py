"""Runs a program on a terminal of its own and plays a person at it.

usage: terminal.py COLUMNSxROWS STEPS PROGRAM [ARGUMENT...]

STEPS is a JSON array of ["expect", TEXT], ["send", TEXT], ["resize", "COLUMNSxROWS"],
["pause", SECONDS], ["caught", SIGNAL], which waits until the program has a handler, and ["run", PROGRAM, ARGUMENT...], carried out in order. Prints a JSON object: what the
program wrote, its exit status (negative for a signal), and whether it left the settings of the terminal
as they were.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time


def set_size(terminal, size):
    columns, rows = map(int, size.split("x"))
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def is_caught(process, program, number):
    # Until then it is this script, which has handlers of its own.
    if not os.path.samefile(f"/proc/{process}/exe", program):
        return False
    with open(f"/proc/{process}/status") as status:
        caught = next(line.split()[1] for line in status if line.startswith("SigCgt"))
    return int(caught, 16) >> (number - 1) & 1


def main():
    size, steps, command = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
    master, slave = pty.openpty()
    set_size(slave, size)
    before = termios.tcgetattr(slave)
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for descriptor in range(3):
            os.dup2(slave, descriptor)
        os.closerange(3, 64)
        os.execv(command[0], command)

    output = bytearray()
    deadline = time.monotonic() + 60

    def receive(seconds):
        if select.select([master], [], [], seconds)[0]:
            output.extend(os.read(master, 65536))
            return True
        return False

    seen = 0
    for step, *values in steps:
        if step == "expect":
            text = values[0].encode()
            while (place := output.find(text, seen)) < 0:
                if time.monotonic() > deadline:
                    os.kill(child, 9)
                    sys.exit(f"waited in vain for {values[0]!r}: {bytes(output[seen:])!r}")
                receive(0.05)
            seen = place + len(text)
        elif step == "send":
            os.write(master, values[0].encode())
        elif step == "resize":
            set_size(slave, values[0])
        elif step == "pause":
            until = time.monotonic() + float(values[0])
            while (rest := until - time.monotonic()) > 0:
                receive(rest)
            seen = len(output)
        elif step == "caught":
            number = getattr(signal, values[0])
            while not is_caught(child, command[0], number) and time.monotonic() < deadline:
                receive(0.01)
        elif step == "run":
            subprocess.run(values, check=True)

    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        if time.monotonic() > deadline:
            os.kill(child, 9)
            sys.exit(f"the program did not end: {bytes(output[-500:])!r}")
        receive(0.02)
    while receive(0):
        pass
    print(json.dumps({
        "output": output.decode(errors="replace"),
        "status": os.waitstatus_to_exitcode(status),
        "isRestored": termios.tcgetattr(slave) == before,
    }))


main()
