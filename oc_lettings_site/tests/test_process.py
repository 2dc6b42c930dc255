"""The server as a process: it drains, heals, and isn't held up by slow clients."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from select import select
from unittest import mock

import psutil
import pytest
from django.conf import settings
from gunicorn.app.wsgiapp import WSGIApplication

from core.tests.slow_app import LARGE

WORKERS, THREADS = 2, 2


class Server:
    """A gunicorn with the site's own configuration, on a port that the kernel chose."""

    def __init__(self, process, port):
        self.process, self.port = process, port

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def get(self, path="/", headers=None, timeout=20):
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            response.body = response.read().decode()
            return response
        finally:
            connection.close()

    def workers(self):
        return psutil.Process(self.process.pid).children()


@contextmanager
def serving(**variables):
    environment = {
        **os.environ,
        "ENVIRONMENT": "test",
        "DATABASE_URL": "sqlite://:memory:",
        "WEB_CONCURRENCY": str(WORKERS),
        "WEB_THREADS": str(THREADS),
        **variables,
    }
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0"]
    process = subprocess.Popen(
        [*command, "core.tests.slow_app:application"],
        cwd=settings.BASE_DIR,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(process.stderr.readline, "")
        port = next(filter(None, (re.search(r"127\.0\.0\.1:(\d+)", line) for line in lines)))[1]
        # Its log is read on, or a full pipe would stop it.
        threading.Thread(target=lambda: [None for _ in lines], daemon=True).start()
        server = Server(process, int(port))
        server.get()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        finally:
            process.stderr.close()


@pytest.fixture(scope="module")
def server():
    with serving() as it:
        yield it


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


# Slow clients


def test_headers_that_drip_hold_no_thread(server):
    with ExitStack() as stack:
        for _ in range(WORKERS * THREADS * 3):
            sock = stack.enter_context(server.connect())
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        assert server.get(timeout=10).status == 200


def test_a_body_that_drips_holds_no_thread(server):
    with ExitStack() as stack:
        for _ in range(WORKERS * THREADS * 3):
            sock = stack.enter_context(server.connect())
            sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nslow")
        assert server.get(timeout=10).status == 200


def test_a_length_of_many_digits_holds_no_thread(server):
    with ExitStack() as stack:
        for _ in range(WORKERS * THREADS * 3):
            sock = stack.enter_context(server.connect())
            length = b"0" * 40 + b"1000"
            sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\n")
        assert server.get(timeout=10).status == 200


def test_a_client_that_reads_nothing_holds_no_thread(server):
    with ExitStack() as stack:
        for _ in range(WORKERS * THREADS * 3):
            sock = socket.socket()
            stack.enter_context(sock)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.connect(("127.0.0.1", server.port))
            sock.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        assert server.get(timeout=10).status == 200
    assert len(server.get("/large").body) == LARGE


def test_clients_that_close_late_hold_nobody_up(server):
    with ExitStack() as stack:
        for _ in range(WORKERS * THREADS * 3):
            sock = stack.enter_context(server.connect())
            sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        for _ in range(WORKERS * 2):
            assert server.get(timeout=10).status == 200


def test_a_slow_request_is_answered_in_the_end(server):
    with server.connect() as sock:
        for part in (
            b"POST /a HTTP/1.1\r",
            b"\nHost: x\r\nContent-Le",
            b"ngth: 10\r\n\r",
            b"\nhello",
        ):
            sock.sendall(part)
            time.sleep(0.05)
        sock.sendall(b"world")
        assert b" POST /a helloworld" in read_response(sock)


def test_requests_in_one_packet_are_answered_in_order(server):
    with server.connect() as sock:
        one = b"GET /one HTTP/1.1\r\nHost: x\r\n\r\n"
        two = b"POST /two HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
        sock.sendall(one + two + one[:20])
        assert b" GET /one " in read_response(sock)
        assert b" POST /two abc" in read_response(sock)
        sock.sendall(one[20:])
        assert b" GET /one " in read_response(sock)


def test_a_client_that_asks_first_is_told_to_go_on(server):
    with server.connect() as sock:
        sock.sendall(
            b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        )
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"hello")
        assert b" POST /a hello" in read_response(sock)


def read_response(sock):
    """Read one response with a Content-Length or in chunks; return its bytes."""
    data = b""
    while not data.endswith(b"0\r\n\r\n"):
        more = sock.recv(1)
        assert more, data
        data += more
    return data


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1" + b"0" * 30 + b"\r\n\r\n", b"413"),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000, b"431"),
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 70 + b"\r\n", b"431"),
        (b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"400"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_what_is_too_much_is_refused_in_words(server, sent, status):
    with server.connect() as sock:
        sock.sendall(sent)
        answer = b""
        while more := sock.recv(4096):
            answer += more
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert len(answer.partition(b"\r\n\r\n")[2]) > 5


def test_connections_stay_open_for_the_next_request(server):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    for number in range(3):
        connection.request("GET", f"/{number}")
        response = connection.getresponse()
        assert response.read().decode().split()[2] == f"/{number}"
        assert response.headers["Connection"] == "keep-alive"
    connection.close()


def test_nobody_tells_gunicorn_the_scheme(server):
    response = server.get("/scheme", {"X-Forwarded-Proto": "https", "X-Forwarded-Ssl": "on"})
    assert response.body == "http"


def test_the_server_header_names_no_product(server):
    assert server.get().headers["Server"] == "lettings"


def test_memory_is_flat(server):
    def ask(requests):
        with server.connect() as sock:
            for _ in range(requests // 100):
                sock.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
                answered = 0
                while answered < 100:
                    answered += (read := sock.recv(65536)).count(b"HTTP/1.1 200")
                    assert read

    def used():
        return sum(worker.memory_info().rss for worker in server.workers())

    ask(1000)
    before = used()
    ask(2000)
    assert used() - before < 2 * 1024 * 1024


# Stopping, and what dies


def test_sigterm_lets_requests_finish_and_takes_no_new_ones(tmp_path):
    end = tmp_path / "end"
    with serving() as server, server.connect() as sock:
        sock.sendall(f"GET /slow?file={end} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        data = b""
        while b"started" not in data:
            data += (more := sock.recv(4096))
            assert more, data
        server.process.send_signal(signal.SIGTERM)
        until(lambda: refused(server))
        assert not select([sock], [], [], 0)[0], "the old one was cut off"
        end.touch()
        while more := sock.recv(4096):
            data += more
        assert data.endswith(b"done\n\r\n0\r\n\r\n")
        assert server.process.wait(20) == 0


def refused(server):
    try:
        server.connect(timeout=1).close()
    except (ConnectionRefusedError, TimeoutError):
        return True
    return False


def test_sigterm_does_not_wait_for_silence():
    with serving(GUNICORN_CMD_ARGS="--graceful-timeout 120") as server:
        with server.connect(), server.connect() as slow:
            slow.sendall(b"GET / HTTP")
            server.process.send_signal(signal.SIGTERM)
            assert server.process.wait(60) == 0


def test_sigterm_reaches_a_worker_that_is_only_just_there(tmp_path):
    slow_to_boot = tmp_path / "gunicorn.conf.py"
    slow_to_boot.write_text((settings.BASE_DIR / "gunicorn.conf.py").read_text() + """
import time
meant = post_fork
def post_fork(server, worker):
    meant(server, worker)
    if worker.age > 1:
        time.sleep(2)
""")
    with serving(GUNICORN_CMD_ARGS=f"--config {slow_to_boot}") as server:
        server.process.send_signal(signal.SIGTERM)
        # Without being told it would be killed after graceful_timeout.
        assert server.process.wait(12) == 0


def test_a_worker_that_is_killed_is_replaced_and_takes_only_its_own_requests_with_it():
    with serving() as server:
        before = {worker.pid for worker in server.workers()}
        victim = int(server.get().body.split()[0])
        failed, answered, stop = [], [], threading.Event()

        def visit():
            while not stop.is_set():
                try:
                    answered.append(server.get().status)
                except (OSError, HTTPException) as error:
                    failed.append(error)

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for visitor in visitors:
            visitor.start()
        until(lambda: len(answered) > 20)
        os.kill(victim, signal.SIGKILL)
        count = len(answered)
        until(lambda: len(answered) > count + 100)
        until(lambda: len({w.pid for w in server.workers()} - {victim}) == WORKERS)
        stop.set()
        for visitor in visitors:
            visitor.join()
        assert len(failed) <= len(visitors), "more was lost than the worker had in hand"
        assert {worker.pid for worker in server.workers()} - before
        assert set(answered) == {200}


# What the configuration says


@pytest.fixture(scope="module")
def configuration():
    with mock.patch.object(
        sys, "argv", ["gunicorn", "-c", f"{settings.BASE_DIR}/gunicorn.conf.py"]
    ):
        return WSGIApplication().cfg


def test_idle_connections_outlive_the_router(configuration):
    assert configuration.keepalive > 90


def test_stopping_and_hanging_end_before_the_platform_kills(configuration):
    assert configuration.graceful_timeout < 30
    assert configuration.timeout < 30


def test_the_environment_decides_how_many(configuration):
    assert configuration.workers == settings.WEB_CONCURRENCY
    assert configuration.threads == settings.WEB_THREADS
    assert configuration.bind[0].endswith(f":{settings.PORT}")
    assert configuration.accesslog is None
