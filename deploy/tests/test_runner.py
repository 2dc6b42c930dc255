"""The network's failures, their limits, and that no secret is ever printed."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import urllib3

from deploy.commands import Call, Secret, command
from deploy.cli import Stop, main, mask, say
from deploy.runner import RETRIES, CommandFailed, DryRun, Real, actor

FAST = RETRIES.new(backoff_factor=0)


@pytest.fixture
def server():
    """Serve answers from a list, the last for ever; remember what was asked."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            httpd.seen.append((self.command, self.path, dict(self.headers)))
            status, body = httpd.answers.pop(0) if len(httpd.answers) > 1 else httpd.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = answer

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.seen, httpd.answers = [], [(200, b"{}")]
    httpd.url = f"http://127.0.0.1:{httpd.server_port}"
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield httpd
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def real():
    acting = Real(FAST)
    yield acting
    acting.http.clear()


def test_a_question_is_asked_again_while_the_platform_stumbles(server, real):
    server.answers = [(502, b""), (503, b""), (200, b'{"a": 1}')]
    assert real.ask(Call("GET", server.url)) == {"a": 1}
    assert len(server.seen) == 3


def test_the_patience_has_a_limit(server, real):
    server.answers = [(503, b'{"message": "down for maintenance"}')]
    with pytest.raises(Stop, match="answered 503: down for maintenance"):
        real.ask(Call("GET", server.url))
    assert len(server.seen) == 5


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_what_may_have_been_done_is_not_done_twice(server, real, method):
    server.answers = [(503, b"")]
    with pytest.raises(Stop):
        real.ask(Call(method, server.url, {"a": 1}))
    assert len(server.seen) == 1


def test_nobody_there(real):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/x"
        with pytest.raises(Stop) as stop:
            real.ask(Call("GET", url))
        assert "got no answer" in str(stop.value) and "type the same again" in str(stop.value)
        assert "object at 0x" not in str(stop.value)
        assert real.look(Call("GET", url)).status == 0


def test_a_refusal_says_what_to_do(server, real, monkeypatch):
    monkeypatch.setenv("HEROKU_API_KEY", "very-secret")
    server.answers = [(404, b'{"id": "not_found", "message": "Couldn\'t find that app."}')]
    with pytest.raises(Stop) as stop:
        real.ask(Call("GET", server.url, token="HEROKU_API_KEY", missing="heroku apps"))
    assert "Couldn't find that app.\n  heroku apps" in str(stop.value)
    server.answers = [(401, b'{"message": "Invalid credentials provided."}')]
    with pytest.raises(Stop, match=r"does not accept \$HEROKU_API_KEY"):
        real.ask(Call("GET", server.url, token="HEROKU_API_KEY"))
    assert server.seen[0][2]["Authorization"] == "Bearer very-secret"


def test_a_registry_gets_a_user_and_a_password(server, real, monkeypatch):
    monkeypatch.setenv("HEROKU_API_KEY", "very-secret")
    real.ask(Call("GET", server.url, token="HEROKU_API_KEY", user="_"))
    wanted = urllib3.make_headers(basic_auth="_:very-secret")["authorization"]
    assert server.seen[0][2]["authorization"] == wanted


def test_a_stream_is_shown_as_it_comes(server, real, capsys):
    server.answers = [(200, b"migrating\n")]
    assert real.show(Call("GET", server.url)) == 10
    assert capsys.readouterr().out == "migrating\n"
    server.answers = [(404, b"not yet")]
    assert real.show(Call("GET", server.url)) == 0


def test_a_secret_goes_to_a_program_unseen(real, monkeypatch, capsys):
    monkeypatch.setenv("HEROKU_API_KEY", "very-secret")
    login = command("sh", "-c", "read key; echo got $key", secret="HEROKU_API_KEY")
    assert real.run(login) == "got very-secret\n"
    assert capsys.readouterr().out == "  got $HEROKU_API_KEY\n"
    assert str(login) == "printf %s \"$HEROKU_API_KEY\" | sh -c 'read key; echo got $key'"


def test_a_secret_is_sent_and_never_shown(real, server, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", 'smtp://me:top"secret@h')
    body = {"EMAIL_URL": Secret("EMAIL_URL"), "SECRET_KEY": Secret("SECRET_KEY", "made-here")}
    headers = {"Circle-Token": Secret("CIRCLECI_TOKEN", "circle"), "X-Plain": "shown"}
    call = Call("POST", server.url + "/x", body, headers)
    assert '"EMAIL_URL": "$EMAIL_URL", "SECRET_KEY": "$SECRET_KEY"' in str(call)
    assert "top" not in repr(call) and "made-here" not in repr(call)
    assert json.loads(call.written()) == {
        "EMAIL_URL": 'smtp://me:top"secret@h',
        "SECRET_KEY": "made-here",
    }
    server.answers = [(200, b"{}")]
    real.ask(call)
    sent = server.seen[-1][2]
    assert (sent["Circle-Token"], sent["X-Plain"]) == ("circle", "shown")
    assert sent["Content-Type"] == "application/json"


@pytest.mark.parametrize("echo", ["no: {}", '{{"message": "no: {}"}}', '{{"errors": ["{}"]}}'])
def test_a_server_that_echoes_a_secret_does_not_get_it_shown(real, server, echo):
    value = 'top"secret'
    said = echo.format(json.dumps(value)[1:-1]).encode()
    server.answers = [(422, said)]
    call = Call("POST", server.url + "/x", {"key": Secret("SOME_KEY", value)})
    with pytest.raises(Stop) as stop:
        real.ask(call)
    assert "top" not in str(stop.value) and "$SOME_KEY" in str(stop.value)


def test_who_is_not_accepted_is_named_by_its_variable(real, server):
    server.answers = [(401, b"{}")]
    headers = {"Circle-Token": Secret("CIRCLECI_TOKEN", "circle")}
    with pytest.raises(Stop, match=r"does not accept \$CIRCLECI_TOKEN"):
        real.ask(Call("GET", server.url, headers=headers))


def test_a_program_that_fails_is_run_once_and_its_words_are_kept(real):
    with pytest.raises(CommandFailed, match="'sh -c .*' failed: not so") as failed:
        real.run(command("sh", "-c", "echo first; echo not so; exit 3"))
    assert failed.value.output == "first\nnot so\n"


def test_a_program_that_is_not_installed(real):
    with pytest.raises(Stop, match="there is no program 'no-such-program' here"):
        real.run(command("no-such-program"))


def test_waiting_ends(real):
    answers = iter([0, 0, 7])
    assert real.until("x", lambda: next(answers), 5, 0) == 7
    assert real.until("x", lambda: 0, 0, 0) == 0


def test_a_dry_run_needs_no_secret_and_a_real_one_names_it(monkeypatch, capsys):
    monkeypatch.delenv("HEROKU_API_KEY", raising=False)
    need = ("HEROKU_API_KEY", "Why.", "How.")
    assert isinstance(actor(True, need), DryRun)
    with pytest.raises(Stop, match="HEROKU_API_KEY is not set. Why.\n  How."):
        actor(False, need)
    assert actor(True).ask(Call("GET", "https://x", example=3)) == 3
    assert capsys.readouterr().out == "  GET https://x\n"


def test_a_secret_with_a_line_break_is_named_and_not_shown(monkeypatch):
    monkeypatch.setenv("HEROKU_API_KEY", "HRKU-topsecret\n")
    with pytest.raises(Stop, match="HEROKU_API_KEY holds a space or a line break") as stop:
        actor(False, ("HEROKU_API_KEY", "", "heroku authorizations:create"))
    assert "topsecret" not in str(stop.value)


def test_secrets_are_masked_in_any_spelling(monkeypatch, capsys):
    monkeypatch.setenv("SENTRY_DSN", "https://key@sentry.example/1")
    monkeypatch.setenv("DOCKERHUB_TOKEN", "short")
    say("dsn https://key@sentry.example/1, https%3A%2F%2Fkey%40sentry.example%2F1, short")
    assert capsys.readouterr().out == "dsn $SENTRY_DSN, $SENTRY_DSN, short\n"
    monkeypatch.setenv("HEROKU_API_KEY", "very-secret")

    def program(argv):
        raise Stop("the key very-secret is wrong")

    monkeypatch.setenv("VERB", "release")
    with pytest.raises(SystemExit) as stop:
        main(program)
    assert stop.value.code == 1
    assert capsys.readouterr().err == "\nrelease: the key $HEROKU_API_KEY is wrong\n"
    assert mask("") == ""
