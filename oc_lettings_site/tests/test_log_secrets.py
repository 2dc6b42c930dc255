"""No line of the log has a query, or the key of a link; and a stranger causes no ERROR at will."""

import io
import json
import logging
import logging.config

import pytest
from gunicorn.http import errors as unreadable
from werkzeug.test import EnvironBuilder, run_wsgi_app

from core.observability import logs, sentry
from core.observability.request_log import AnswerBrokeOff, RequestLog
from core.server.refusals import Refusing, status_of
from oc_lettings_site.wsgi import application

QUERY = "token=hidden%20in+a+query"
KEY = "hidden-in-a-key"
PATH = f"/accounts/password/reset/key/MQ-{KEY}/"


@pytest.fixture
def lines():
    """Return a function that gives what was logged by our configuration, line by line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configuration = logs.config(as_json=True)
    configuration["handlers"]["console"]["stream"] = stream
    logging.config.dictConfig(configuration)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers, root.level = handlers, level
    logging.config.dictConfig({**logs.config(False), "root": {}, "handlers": {}, "loggers": {}})
    root.handlers = handlers
    root.setLevel(level)


def ask(path, run, **headers):
    environ = EnvironBuilder(path, query_string=QUERY, headers=headers).get_environ()
    run_wsgi_app(run, environ, buffered=True)


def raising(words):
    def run(environ, start_response):
        start_response("200 OK", [])
        try:
            raise ValueError(words)
        except ValueError:
            logging.getLogger("anybody").exception("It is %s", words)
        logging.getLogger("anybody").warning("Internal Server Error: %s", words)
        return [b""]

    return run


@pytest.mark.parametrize(
    "words",
    [
        f"/x?{QUERY}",
        QUERY,
        "token=hidden in a query",
        "token=hidden in+a+query",
        PATH,
        f"MQ-{KEY}",
    ],
)
def test_no_line_and_no_trace_has_the_query_or_the_key(lines, words):
    ask(PATH, RequestLog(raising(words)))
    told = json.dumps(lines())
    assert "hidden" not in told
    assert len(lines()) == 3
    assert "ValueError" in told and "…" in lines()[0]["message"]


@pytest.mark.parametrize("words", [f"/x?{QUERY}", "token=hidden in a query", PATH])
def test_no_report_has_the_query_or_the_key(words):
    prepared = {}

    def report(environ, start_response):
        start_response("200 OK", [])
        event = {
            "message": words,
            "logentry": {"message": "Bad: %s", "params": [words]},
            "exception": {"values": [{"type": "ValueError", "value": words}]},
            "extra": {"path": words},
        }
        prepared.update(sentry.prepare(event, {}))
        return [b""]

    ask(PATH, RequestLog(report))
    assert "hidden" not in json.dumps(prepared)
    assert prepared["exception"]["values"][0]["type"] == "ValueError"
    assert prepared["logentry"]["message"] == "Bad: %s"


def test_other_words_stay_as_they_are(lines):
    ask("/lettings/", RequestLog(raising("/lettings/ of 7")))
    assert lines()[0]["message"] == "It is /lettings/ of 7"


def test_an_answer_that_breaks_off_is_told_without_them(lines):
    def broken(environ, start_response):
        start_response("200 OK", [])
        yield b"a"
        raise ValueError(QUERY)

    with pytest.raises(AnswerBrokeOff, match=r"^ValueError$") as raised:
        ask("/", RequestLog(broken))
    assert raised.value.__suppress_context__
    assert "ValueError" in lines()[0]["exception"]
    assert "hidden" not in json.dumps(lines())


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize("host", ["evil.example", "a b", "e" * 8000 + ".example"])
def test_a_wrong_host_is_told_in_a_line_and_is_no_error(lines, host):
    ask("/", application, Host=host)
    for line in lines():
        assert (line["level"], "exception" in line) == ("INFO", False)
        assert len(line["message"]) <= 300


class Log:
    def __init__(self):
        self.told = []

    def info(self, words, *arguments):
        self.told.append(words % arguments)

    error = info


class Client:
    def __init__(self):
        self.sent = b""

    def gettimeout(self):
        return 0.0

    def sendall(self, data):
        self.sent += data


UNREADABLE = {
    unreadable.InvalidRequestLine(f"GET /?{QUERY}"): 400,
    unreadable.InvalidHeader(QUERY): 400,
    unreadable.InvalidHTTPVersion(QUERY): 400,
    unreadable.UnsupportedTransferCoding(QUERY): 400,
    unreadable.ConfigurationProblem(QUERY): 400,
    unreadable.ExpectationFailed(QUERY): 417,
    unreadable.LimitRequestLine(9, 8): 414,
    unreadable.LimitRequestHeaders(QUERY): 431,
    unreadable.InvalidResponseHeader(QUERY): 500,
    ValueError(QUERY): 500,
}


@pytest.mark.parametrize(("error", "status"), UNREADABLE.items(), ids=lambda each: repr(each)[:30])
def test_what_the_server_refuses_by_itself(error, status):
    worker, client = Refusing(), Client()
    worker.log = Log()
    worker.handle_error(None, client, ("203.0.113.7", 1), error)
    assert status_of(error) == status
    head, _, page = client.sent.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"default-src 'none'" in head and b"Content-Security-Policy: " in head
    assert b"Content-Length: %d\r\n" % len(page) in head + b"\r\n"
    assert b"<h1>" in page
    assert "hidden" not in worker.log.told[0] and type(error).__name__ in worker.log.told[0]
