"""A visitor who asks for /lettings/ all the while: ``python -m tools.hostile.visitor PORT``.

Writes a line for each answer: when it was asked for (seconds of the monotonic clock), how long it
took (seconds), the status (0 for no answer). Ends with its parent, whose pipe it reads.
"""

from __future__ import annotations

import select
import sys
import time
from http.client import HTTPConnection, HTTPException

PAUSE = 0.05  # seconds between two questions
PATIENCE = 60.0  # seconds
HEADERS = {
    "Host": "lettings.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "192.0.2.1",
}


def ask(port: int) -> int:
    """Return the status of /lettings/, by a new connection; 0 if there was no answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/lettings/", headers=HEADERS)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def main(port: int) -> None:
    """Ask until standard input ends."""
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        began = time.monotonic()
        status = ask(port)
        print(began, time.monotonic() - began, status, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
