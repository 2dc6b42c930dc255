"""What an attacker sends, against a production start of the site on this machine: ``bin/hostile``.

The site is served as in production (gunicorn, two workers of four threads, behind one proxy that
ends TLS) from a copy of this tree, on SQLite; and, where HOSTILE_POSTGRES_URL and TEST_REDIS_URL
name servers, on PostgreSQL with Redis. A visitor in a process of its own asks for ``/lettings/``
all the while. Printed for each attack: requests, answers of 5xx, raw answers (without our security
headers), connections without an answer, and the slowest answer that the visitor had.

An attack is a module in ``attacks/``, named after what is attacked. It has a docstring that says
what is sent, and one function::

    def attack(site: Site) -> None:
        site.ask("GET", "/lettings/", headers={"Host": "evil.example"}, expect={400})

``site.ask`` and ``site.send`` (bytes as they go over the wire) count the request and what came
back; an answer of 5xx, a raw one, none at all, or one with a status outside of ``expect`` is a
failure, and goes on to the next request. ``expect={503}`` allows a 503. ``site.post`` sends a form
with its CSRF token; ``site.together`` asks several questions at a time;
``site.cookie_of("AirWow")`` and ``site.token_of("AirWow")`` let a request act for a person of the
sample; ``site.run(code)`` runs Python within Django; ``site.fail(words)``
records what else is wrong. Each request comes from an address of its own unless ``address`` says
otherwise. An attack takes less than two minutes, and leaves the site as usable as it was.
"""
