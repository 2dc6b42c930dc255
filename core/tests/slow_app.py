"""What test_process.py lets gunicorn serve: pages that are slow, large, or say who they are."""

import os
import time
from urllib.parse import parse_qs

import django

from core.server.refusals import answer

# What the server refuses by itself, it refuses in the site's words.
django.setup()
answer(408)

LARGE = 150_000  # bytes: more than any page of ours


def application(environ, start_response):
    asked = parse_qs(environ["QUERY_STRING"])
    path = environ["PATH_INFO"]
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    if path == "/slow":
        return until_there_is(asked["file"][0])
    if path == "/count":
        return [str(len(body)).encode()]
    if path == "/large":
        return [b"x" * LARGE]
    if path == "/scheme":
        return [environ["wsgi.url_scheme"].encode()]
    return [f"{os.getpid()} {environ['REQUEST_METHOD']} {path} {body.decode()}".encode()]


def until_there_is(file):
    yield b"started\n"
    while not os.path.exists(file):
        time.sleep(0.02)
    yield b"done\n"
