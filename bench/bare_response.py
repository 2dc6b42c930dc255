"""The fastest that gunicorn can be: an application that always answers with the same page."""

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
