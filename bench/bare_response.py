"""The least that gunicorn can do: the bytes and headers of one of our pages, without asking."""

import json
import os
from pathlib import Path

page = json.loads(Path(os.environ["BENCH_PAGE"]).read_text())
STATUS = page["status"]
HEADERS = [(name, value) for name, value in page["headers"]]
BODY = [bytes.fromhex(page["body"])]


def application(environ, start_response):
    """Answer every request alike."""
    start_response(STATUS, HEADERS)
    return BODY
