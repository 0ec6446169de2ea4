"""Keeps one process of the Procfile alive: honcho would end all of them when one dies, and each is allowed to fail.

keep.py [--in FOLDER] COMMAND …
"""

import os
import signal
import subprocess
import sys
import time

PAUSE_SECONDS = 1.0
# Ended so soon after its start, so many times in a row: it cannot start, and trying again helps nobody.
HOPELESS_SECONDS, HOPELESS_TIMES = 5.0, 5


def main() -> int:
    arguments = sys.argv[1:]
    folder = arguments[1] if arguments[:1] == ["--in"] else "."
    command = arguments[2:] if folder != "." else arguments
    program = [os.path.abspath(command[0]), *command[1:]]
    running: subprocess.Popen[bytes] | None = None
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True
        if running is not None:
            running.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    quick = 0
    while True:
        started = time.monotonic()
        running = subprocess.Popen(program, cwd=folder)
        code = running.wait()
        if stopping:
            return 0
        quick = quick + 1 if time.monotonic() - started < HOPELESS_SECONDS else 0
        if quick >= HOPELESS_TIMES:
            print(f"halte: {command[0]} cannot start (exit {code}); see its lines above", file=sys.stderr)
            return 1
        print(f"halte: {' '.join(command[-2:])} ended (exit {code}); starting it again", file=sys.stderr, flush=True)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
