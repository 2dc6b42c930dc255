"""The replacement for dockerize in cimg/python: it waits for a server that starts late."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import closing

import pytest

from deploy.image.docker import free_port
from rehearsal.images import FOLDER

PROGRAM = [sys.executable, FOLDER / "dockerize"]


def wait(*words):
    """Return how dockerize ended with these words."""
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, timeout=30)


def test_it_waits_for_what_begins_later():
    one, other = free_port(), free_port()
    with closing(socket.socket()) as late, closing(socket.create_server(("127.0.0.1", one))):

        def begin():
            time.sleep(1)
            late.bind(("127.0.0.1", other))
            late.listen()

        threading.Thread(target=begin).start()
        words = [f"tcp://127.0.0.1:{port}" for port in (one, other)]
        done = wait("-wait", words[0], "-wait", words[1], "-timeout", "20s")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"dockerize: {word} answers" for word in words]


def test_it_gives_up_and_names_what_did_not_answer():
    port = free_port()
    done = wait("-wait", f"tcp://127.0.0.1:{port}", "-timeout", "300ms")
    assert done.returncode == 1
    assert done.stderr.startswith(f"dockerize: no answer from tcp://127.0.0.1:{port}: ")


@pytest.mark.parametrize(
    "words",
    [
        ["-wait", "http://127.0.0.1/"],
        ["-wait", "tcp://127.0.0.1"],
        ["-wait", "tcp://a:1", "-timeout", "1"],
    ],
)
def test_what_it_does_not_know_it_refuses(words):
    done = wait(*words)
    assert done.returncode == 2 and "dockerize: error: argument" in done.stderr
