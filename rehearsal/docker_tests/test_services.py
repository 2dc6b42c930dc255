"""The servers do what the site and the programs of bin/ need, and remove their containers."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis
import sentry_sdk
import urllib3

from deploy.image.docker import DockerFailed, docker, free_port, label, listens, remove_all
from rehearsal.services import Bugsink, Postgres, Redis, Registry
from rehearsal.services.service import Service, ServiceFailed
from rehearsal.images import image

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("built_images")
RUN = f"parts-{os.getpid()}"


@pytest.fixture(autouse=True, scope="module")
def nothing_left():
    yield
    left = docker("ps", "--all", "--quiet", "--filter", f"label=oc-rehearsal={RUN}").stdout
    remove_all(RUN)
    assert not left, "a service left its container behind"


@pytest.fixture(scope="module")
def postgres(built_images):
    with Postgres(password="it's secret", run=RUN) as server:
        yield server


@pytest.fixture(scope="module")
def bugsink(built_images):
    with Bugsink(run=RUN) as server:
        yield server


def connect(server, **options):
    login = {"user": server.user, "password": server.password, "dbname": server.database}
    return psycopg.connect(host="127.0.0.1", port=server.port, **login | options)


def test_the_job_image_has_what_the_programs_of_bin_need(built_images):
    """As user circleci, who is nobody in particular: what bin/setup and bin/image start with."""
    script = "id -un; pwd; python -m venv .venv && .venv/bin/python -m pip --version; "
    script += "for name in git make curl openssl docker; do command -v $name; done; "
    script += "docker buildx version"
    said = docker("run", "--rm", *label(RUN), image("python"), "bash", "-ec", script).stdout
    lines = said.splitlines()
    assert lines[:2] == ["circleci", "/home/circleci/project"]
    assert "python 3.13" in lines[2]
    assert [line.rpartition("/")[2] for line in lines[3:8]] == [
        *("git", "make", "curl", "openssl", "docker"),
    ]
    assert "buildx" in lines[8]


def test_postgres_has_its_user_and_database_and_wants_the_password(postgres):
    with connect(postgres) as connection:
        row = connection.execute("SELECT current_user, current_database(), version()").fetchone()
    assert row[:2] == ("lettings", "lettings") and row[2].startswith("PostgreSQL 17")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(postgres, password="another")


def test_postgres_makes_and_drops_databases(postgres):
    assert postgres.create("site-staging").endswith(f":{postgres.port}/site-staging")
    assert "site-staging" in postgres.ask("SELECT datname FROM pg_database")
    with pytest.raises(DockerFailed, match="already exists"):
        postgres.create("site-staging")
    postgres.drop("site-staging")
    assert "site-staging" not in postgres.ask("SELECT datname FROM pg_database")


def test_a_paused_postgres_answers_nobody_and_then_goes_on(postgres):
    with connect(postgres) as connection:
        postgres.pause()
        try:
            with pytest.raises(psycopg.OperationalError, match="timeout expired"):
                connect(postgres, connect_timeout=2)
        finally:
            postgres.resume()
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_postgres_without_a_password_shares_the_loop_back_of_another_container(built_images):
    """As service containers of CircleCI do, at their usual ports."""
    words = ("run", "--detach", "--network", "none", *label(RUN), image("redis"), "sleep", "60")
    job = docker(*words).stdout.strip()
    try:
        network = f"container:{job}"
        with (
            Postgres(5432, user="ci", database="site", run=RUN, network=network) as postgres,
            Redis(6379, run=RUN, network=network) as server,
        ):
            assert postgres.url() == "postgres://ci@127.0.0.1:5432/site"
            assert postgres.ask("SELECT 1") == "1"
            assert server.ready()
            assert "PONG" in docker("exec", job, "redis-cli", "PING").stdout
    finally:
        docker("rm", "--force", job)


def test_redis_comes_back_at_its_port_and_empty(built_images):
    with Redis(run=RUN) as server, redis.Redis.from_url(server.url) as client:
        client.set("page", "kept")
        server.stop()
        with pytest.raises(redis.ConnectionError):
            client.get("page")
        server.start()
        assert client.get("page") is None


def test_an_error_sent_to_bugsink_is_an_issue_at_once_and_still_after_a_stop(bugsink):
    with sentry_sdk.isolation_scope():
        client = sentry_sdk.Client(bugsink.dsn, release="c" * 40, environment="production")
        sentry_sdk.get_isolation_scope().set_client(client)
        sentry_sdk.capture_exception(ValueError("provoked by a test"))
        client.close(timeout=10)
    bugsink.stop()
    assert not listens(bugsink.port)
    bugsink.start()
    issue = bugsink.issues()[0]
    assert issue["calculated_value"] == "provoked by a test"
    page = urllib3.request("GET", bugsink.page_of(issue["id"]), redirect=False)
    assert page.status == 302 and "login" in page.headers["Location"]


def test_the_program_of_bin_announces_a_release_to_bugsink(bugsink):
    told = subprocess.run(
        [sys.executable, "-m", "deploy.sentry.release", "staging"],
        cwd=ROOT,
        env=os.environ | bugsink.environment_of_verbs,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert "has been made" in told.stdout
    assert bugsink.token not in told.stdout + told.stderr


def test_a_person_signs_in_to_bugsink(bugsink):
    http = urllib3.PoolManager()
    form = http.request("GET", bugsink.url + "/accounts/login/")
    token = form.data.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    name, password = bugsink.login
    answer = http.request(
        "POST",
        bugsink.url + "/accounts/login/",
        fields={"username": name, "password": password, "csrfmiddlewaretoken": token},
        headers={"Cookie": form.headers["Set-Cookie"].split(";")[0], "Referer": bugsink.url},
        encode_multipart=False,
        redirect=False,
    )
    assert answer.status == 302 and "sessionid" in answer.headers["Set-Cookie"]


def test_the_registry_takes_a_new_password_at_once_and_keeps_images_over_a_stop(tmp_path):
    def status(password):
        headers = urllib3.make_headers(basic_auth=f"you:{password}")
        return urllib3.request("GET", f"http://{registry.address}/v2/", headers=headers).status

    with Registry(tmp_path / "hub", 0, "you", "first", run=RUN) as registry:
        assert (status("first"), status("wrong")) == (200, 401)
        registry.set_password("second")
        assert (status("first"), status("second")) == (401, 200)
        name = f"{registry.address}/trial:1"
        login = {"DOCKER_CONFIG": str(tmp_path / "login")}
        words = ("login", "--username", "you", "--password-stdin", registry.address)
        docker(*words, environment=login, input="second")
        docker("tag", image("redis"), name)
        docker("push", "--quiet", name, environment=login)
        registry.stop()
        assert not listens(registry.port)
        registry.start()
        docker("pull", "--quiet", name, environment=login)
        docker("rmi", name)
    # Everything in the folder is ours, so that pytest can remove it.
    assert {path.stat().st_uid for path in (tmp_path / "hub").rglob("*")} == {os.getuid()}


def test_a_server_that_ends_says_why():
    class Broken(Redis):
        def command(self):
            return (*super().command(), "--maxmemory", "nonsense")

    with pytest.raises(ServiceFailed, match=r"(?s)redis ended, on port \d+; .*FATAL CONFIG FILE"):
        Broken(run=RUN).start()


def test_a_port_in_use_is_in_the_last_words(built_images):
    with Redis(run=RUN) as first:
        with pytest.raises(ServiceFailed, match="Address already in use"):
            # Another would answer in its place.
            type("Other", (Redis,), {"ready": lambda self: False})(first.port, run=RUN).start()


def test_a_missing_image_is_named_with_what_builds_it(monkeypatch):
    monkeypatch.setattr(
        "rehearsal.services.service.image", lambda role: "oc-rehearsal/role:absent"
    )
    with pytest.raises(ServiceFailed, match=r"type: python3 -m rehearsal.images"):
        Redis(run=RUN).start()


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr("rehearsal.services.service.READY_SECONDS", 1)

    class Deaf(Redis):
        def ready(self):
            return False

    with pytest.raises(ServiceFailed, match="does not answer after 1 s"):
        Deaf(run=RUN).start()


def test_all_of_a_run_goes_at_once():
    other = f"{RUN}-gone"
    Redis(run=other).start()
    network = docker("network", "create", *label(other), f"oc-{other}").stdout.strip()
    remove_all(other)
    assert not docker("ps", "-aq", "--filter", f"label=oc-rehearsal={other}").stdout
    assert network not in docker("network", "ls", "--quiet", "--no-trunc").stdout


def test_nothing_of_this_machine_is_in_an_image(built_images, tmp_path):
    """What the builds were told of certificates and indexes stays out of the layers."""
    for role in ("python", "sentry"):
        config = docker("image", "inspect", "--format", "{{json .Config}}", image(role)).stdout
        history = docker("history", "--no-trunc", image(role)).stdout
        for name in ("SSL_CERT_FILE", "PIP_CERT", "PIP_INDEX_URL", "PROXY"):
            assert name not in config + history
        found = docker(
            *("run", "--rm", *label(RUN), "--user", "0", image(role), "sh", "-c"),
            "ls -A /run/secrets 2>/dev/null; true",
        )
        assert found.stdout == ""


def test_a_service_has_to_say_when_it_is_ready():
    with pytest.raises(NotImplementedError):
        Service(free_port()).ready()
