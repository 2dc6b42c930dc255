"""Clients that use up the server: the greediest is refused, and a GET never is."""

import socket
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPResponse
from pathlib import Path

import pytest

from core.request_size import MAX_BODY
from core.server.connection import SMALL, Body
from core.tests.slow_app import LARGE

from .simulated_outages import fill, small_disk
from .test_process import THREADS, WORKERS, serving, until

MB = 1024 * 1024
MOST = WORKERS * THREADS * 3  # more than there are threads
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def server():
    with serving() as it:
        yield it


@pytest.fixture
def new_server():
    with serving() as it:
        yield it


@pytest.fixture
def stack():
    with ExitStack() as it:
        yield it


def post(path, length):
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


def hold(server, stack, sent):
    sock = stack.enter_context(server.connect())
    sock.sendall(sent)
    return sock


def answer(sock):
    """Return the status and the body of one answer."""
    response = HTTPResponse(sock)
    response.begin()
    return response.status, response.read()


def upload(server, size, pause=0.0):
    """Send a body as an honest client does, which waits for the network; return the answer."""
    with server.connect() as sock:
        sock.sendall(post("/count", size))
        for at in range(0, size, MB):
            sock.sendall(b"x" * min(MB, size - at))
            time.sleep(pause)
        return answer(sock)


def check_others(server):
    """Check that a GET, a form and an upload are answered, and soon."""
    for _ in range(WORKERS * 3):
        began = time.monotonic()
        assert server.get(timeout=10).status == 200
        assert time.monotonic() - began < 2
    assert upload(server, 1000) == (200, b"1000")
    assert upload(server, 8 * MB, pause=0.02) == (200, str(8 * MB).encode())


def test_bodies_up_to_the_limits_and_then_nothing(server, stack):
    for _ in range(WORKERS * 4):
        hold(server, stack, post("/", MAX_BODY) + b"x" * (MAX_BODY - 1))
    check_others(server)


def test_bodies_up_to_the_limits_and_then_a_byte_now_and_then(server, stack):
    held = [
        hold(server, stack, post("/", MAX_BODY) + b"x" * (MAX_BODY - 1000))
        for _ in range(WORKERS * 4)
    ]
    for _ in range(8):
        for sock in held:
            try:
                sock.send(b"x")
            except OSError:
                pass  # refused by now
        time.sleep(0.25)
    check_others(server)


def test_who_holds_most_is_told_so(server, stack):
    held = [
        hold(server, stack, post("/", MAX_BODY) + b"x" * (MAX_BODY - 1))
        for _ in range(WORKERS * 4)
    ]
    for sock in held:
        sock.settimeout(0.5)
    told = []
    for sock in held:
        try:
            told.append(answer(sock)[0])
        except (TimeoutError, ConnectionResetError):
            pass
    assert told and set(told) == {408}


def test_many_small_bodies_pay_nothing_and_hold_nobody_up(server, stack):
    for _ in range(200):
        hold(server, stack, post("/", SMALL) + b"x" * 1000)
    check_others(server)


def test_bodies_take_no_memory_however_many(new_server, stack):
    def used():
        return sum(worker.memory_info().rss for worker in new_server.workers())

    check_others(new_server)
    before = used()
    for _ in range(WORKERS * 4):
        hold(new_server, stack, post("/", MAX_BODY) + b"x" * (MAX_BODY - 1))
    check_others(new_server)
    assert used() - before < 24 * MB


def test_requests_with_a_body_leave_a_thread_to_those_without(server, stack, tmp_path):
    end = tmp_path / "end"
    path = f"/slow?file={end}"
    waiting = [hold(server, stack, post(path, 10) + b"x" * 10) for _ in range(MOST)]
    for _ in range(WORKERS * 3):
        assert server.get(timeout=10).status == 200
    end.touch()
    assert {answer(sock)[0] for sock in waiting} == {200}


def test_whether_it_lives_is_answered_while_every_thread_is_stuck(server, stack, tmp_path):
    end = tmp_path / "end"
    stuck = f"GET /slow?file={end} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    waiting = [hold(server, stack, stuck) for _ in range(MOST)]
    time.sleep(0.5)
    for path in ["/livez", "/livez?now"] * WORKERS:
        assert server.get(path, timeout=5).status == 200
    end.touch()
    assert {answer(sock)[0] for sock in waiting} == {200}


def test_answers_that_nobody_reads_hold_no_thread(server, stack):
    asked = b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n" * 20
    slow = []
    for _ in range(MOST):
        sock = stack.enter_context(socket.socket())
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", server.port))
        sock.sendall(asked)
        slow.append(sock)
    time.sleep(0.5)
    check_others(server)
    # And whoever reads after all gets every byte, in order.
    slow[0].settimeout(20)
    data = bytearray()
    while data.count(b"x") < 20 * LARGE:
        data += (more := slow[0].recv(65536))
        assert more
    assert data.count(b"HTTP/1.1 200 OK") == 20


def test_idle_connections_make_room_before_an_upload_that_goes_on(stack):
    with serving(GUNICORN_CMD_ARGS="--worker-connections 20") as server:
        sock = hold(server, stack, post("/count", 4 * MB))
        for step in range(4):
            sock.sendall(b"x" * MB)
            time.sleep(0.4)
            for _ in range(60):
                hold(server, stack, b"")
        assert answer(sock) == (200, str(4 * MB).encode())
        until(lambda: server.get(timeout=10).status == 200)


def test_a_body_that_finds_no_room_on_the_disk_stays_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with small_disk(tmp_path):
        body = Body()
        body.write(b"a" * 1000)
        fill(Path(tmp_path))
        body.write(b"b" * 200_000)
        body.write(b"c" * 1000)
        body.rewind()
        assert body.read(10**6) == b"a" * 1000 + b"b" * 200_000 + b"c" * 1000
        assert body.size == 202_000
        body.close()


def test_a_body_without_any_place_on_a_disk_stays_in_memory(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    body = Body()
    body.write(b"abc")
    body.rewind()
    assert body.read(10) == b"abc"
    body.close()
