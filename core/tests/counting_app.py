"""An application that counts its calls, for tests of the page cache."""

from werkzeug.test import Client

from core.pagecache.invalidation import MemoryToken
from core.pagecache.wsgi import PageCache

BODY = b"<p>Letting</p>" * 200


class Counting:
    """An application that counts its calls and answers what it is told to."""

    def __init__(self, status="200 OK", headers=(), body=BODY, before=lambda environ: None):
        self.status, self.headers, self.body, self.before = status, headers, body, before
        self.environs = []
        self.closed = 0

    def __call__(self, environ, start_response):
        self.environs.append(environ)
        self.before(environ)
        start_response(self.status, [("Content-Type", "text/html"), *self.headers])
        return self

    def __iter__(self):
        yield from (self.body[:100], self.body[100:])

    def close(self):
        self.closed += 1

    @property
    def calls(self):
        return len(self.environs)


def kept(application=None, **options):
    """A page cache, and a client that keeps no cookies of its own."""
    token = MemoryToken()
    application = application or Counting()
    cache = PageCache(application, 1_000_000, token.read, **options)
    cache.generation = token
    return cache, Client(cache, use_cookies=False)
