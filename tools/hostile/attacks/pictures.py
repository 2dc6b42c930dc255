"""Pictures that cost a decoder too much, and many of the largest: by the API, by a host's page, as
one's own picture; and what the server's processes weigh meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import psutil

from core.files.images.tests import bombs

from ..site import Site

# Proportional set size of all processes of the server together: a dyno has 512 MB.
MOST_MB = 320
HOST = "AirWow"
BOUNDARY = "picture"
FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
# A refusal in words is a 422 of the API and a page that says so; 503, that others came first.
BY_API = {201, 422, 429, 503}
BY_PAGE = {200, 302, 409, 429, 503}
MY_LETTING = """
from lettings.models import Letting
print(Letting.objects.filter(host__user__username={name!r}).latest("pk").pk)
"""


def attack(site: Site) -> None:
    """Send each bomb once and the worst of all times twelve; then the largest, four at once."""
    doors = doors_of(site)
    with weighed(site):
        with ThreadPoolExecutor(4) as pool:
            for content in _all():
                for send in doors:
                    pool.submit(send, content)
        with ThreadPoolExecutor(12) as pool:
            scans = bombs.jpeg_of_scans(17_000, (7000, 7000))
            list(pool.map(doors[0], [scans] * 12))
        send_largest(doors)


def send_largest(doors: list) -> None:
    """Send a WebP of 20 megapixels by each door, four at once."""
    with ThreadPoolExecutor(4) as pool:
        for send in doors * 4:
            pool.submit(send, _largest())


def form(content: bytes, **fields: str) -> bytes:
    """Return a form with a picture in the field that ``file`` names, and other fields."""
    name = fields.pop("file")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    parts = [f'{head}{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    parts.append(f'{head}{name}"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n')
    return "".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def doors_of(site: Site) -> list:
    """Return how a picture is sent: by the API, by the page of a new letting, as one's own."""
    letting = site.run(MY_LETTING.format(name=HOST)).split()[-1]
    token = {"Authorization": f"Bearer {site.token_of(HOST, ['lettings:write'])}"}
    cookie = {"Cookie": site.cookie_of(HOST)}
    return [
        lambda content: site.ask(
            "POST",
            f"/api/v1/my/lettings/{letting}/photos",
            FORM | token,
            form(content, file="image", alt="A porch"),
            expect=BY_API,
        ),
        lambda content: site.post(
            "/lettings/new/",
            form(content, file="pictures", action="add", stamp=""),
            FORM | cookie,
            expect=BY_PAGE,
        ),
        lambda content: site.post(
            "/accounts/profile/",
            form(content, file="file", language="en"),
            FORM | cookie,
            expect=BY_PAGE,
        ),
    ]


def _all() -> list[bytes]:
    return [make() for make, _kinds in bombs.every().values()]


@cache
def _largest() -> bytes:
    """Return a WebP of 20 megapixels."""
    return bombs.plain("WEBP", size=(5400, 3700))


@contextmanager
def weighed(site: Site) -> Iterator[None]:
    """Record a failure if the server's own processes ever weigh more than the most."""
    over, heaviest = threading.Event(), [0.0]
    watcher = threading.Thread(target=partial(_watch, site.process.pid, over, heaviest))
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    print(f"    the server's processes weighed {heaviest[0]:.0f} MB at most", flush=True)
    if heaviest[0] > MOST_MB:
        site.fail(f"the server's processes weighed {heaviest[0]:.0f} MB; {MOST_MB} is the most")


def _watch(master: int, over: threading.Event, heaviest: list[float]) -> None:
    while not over.is_set():
        heaviest[0] = max(heaviest[0], weight(master))
        time.sleep(0.05)


def weight(master: int) -> float:
    """Return the proportional set size in MB of gunicorn's master and its workers.

    Not of what those start, which is not there for long: proc_pid_smaps(5).
    """
    server = psutil.Process(master)
    return sum(map(_pss, [server, *server.children()]))


def _pss(process: psutil.Process) -> float:
    try:
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    except OSError:  # it ended
        return 0.0
    return (
        next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        / 1024
    )
