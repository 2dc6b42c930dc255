"""bin/setup-accounts, run against the fakes of Heroku and of the other services' APIs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.accounts import circleci, dockerhub, heroku, app_names, setup
from rehearsal.accounts.fake_apis import Server, FakeApis
from rehearsal.heroku.tests.test_api import KEY
from rehearsal.heroku.tests.test_api import heroku as heroku_fixture
from tools.circleci.config import CONTEXTS

ROOT = Path(__file__).parents[3]
SECRETS = {
    "SENTRY_AUTH_TOKEN": "sntrys-hunter2-token",
    "DOCKERHUB_TOKEN": "dckr-hunter2-token",
    "CIRCLECI_TOKEN": "circle-hunter2-token",
    "HEROKU_API_KEY": KEY,
    "EMAIL_URL": "smtp+tls://me:hunter2-mail@mail.example:587",
    "S3_SECRET_ACCESS_KEY": "hunter2-bucket-key",
    "PRODUCTION_INBOX_URL": "imaps://me%40mail.example:hunter2-inbox@mail.example",
}
GIVEN = {
    "STAGING_APP": "you-lettings-staging",
    "PRODUCTION_APP": "you-lettings",
    "DOCKERHUB_USERNAME": "you",
    "SENTRY_ORG": "acme",
    "DEFAULT_FROM_EMAIL": "Lettings <lettings@example.org>",
    "STAGING_S3_BUCKET": "you-staging",
    "PRODUCTION_S3_BUCKET": "you-production",
}
OURS = {"name": "you/oc-lettings", "status": "active", "provider": {"id": "integrations:github"}}
platform = pytest.fixture(heroku_fixture.__wrapped__, name="platform")


@pytest.fixture
def fakes():
    """The three services, empty."""
    sentry = "https://public@o1.ingest.sentry.example/1"
    return FakeApis(SECRETS | {"session": "session-hunter2", "SENTRY_DSN": sentry}, linked=[OURS])


@pytest.fixture
def clone(tmp_path):
    """A clone of the sources that this test may write to, whose remote is on GitHub."""
    clone = tmp_path / "clone"
    for part in (".circleci", "bin", "deploy"):
        shutil.copytree(ROOT / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
    for lock in ("requirements-dev.txt", "requirements-deploy.txt"):
        shutil.copy(ROOT / lock, clone)
    (clone / ".venv").symlink_to(ROOT / ".venv")
    for command in (["init", "-q"], ["remote", "add", "origin", "git@github.com:you/oc-lettings"]):
        subprocess.run(["git", *command], cwd=clone, check=True)
    return clone


@pytest.fixture
def run(clone, fakes, platform):
    """Return a function that runs the program as a person does: its exit code and its output."""
    kept = ("PATH", "HOME", "COVERAGE_")
    base = {k: v for k, v in os.environ.items() if k.startswith(kept)}

    with Server(fakes) as server:
        urls = {name: server.url for name in ("CIRCLECI_URL", "DOCKERHUB_URL", "SENTRY_URL")}
        urls["HEROKU_API_URL"] = platform.url

        def run(*words, **changes):
            variables = base | urls | GIVEN | SECRETS | changes
            done = subprocess.run(
                ["bin/setup-accounts", *words],
                cwd=clone,
                env={name: value for name, value in variables.items() if value},
                capture_output=True,
                text=True,
            )
            said = done.stdout + done.stderr
            assert "hunter2" not in said, "a secret was shown"
            assert KEY not in said and "public@" not in said
            return done.returncode, said

        yield run


def state(fakes, platform, clone):
    """All that there is, to be compared."""
    apps = {
        name: (dict(app.config), [(a.service, a.plan) for a in app.addons], len(app.releases))
        for name, app in platform.store.apps.items()
    }
    text = (clone / ".circleci" / "config.yml").read_text()
    return apps, dict(fakes.projects), dict(fakes.repositories), str(fakes.contexts), text


def test_everything_is_made_and_a_second_run_changes_nothing(run, fakes, platform, clone):
    code, said = run()
    assert code == 0, said
    assert re.search(r"setup-accounts: \d+ things were made", said)
    assert set(fakes.projects) == {"oc-lettings"}
    assert fakes.repositories["you", "oc-lettings"]["is_private"] is True
    by_name = {context["name"]: context for context in fakes.contexts.values()}
    for name, variables in CONTEXTS.items():
        # Only who has another Sentry than sentry.io tells its address, and here we do.
        wanted = {*variables} | ({"SENTRY_URL"} if name == "sentry" else set())
        assert set(by_name[name]["variables"]) == wanted
        (only,) = by_name[name]["restrictions"]
        assert only["restriction_value"] == 'pipeline.git.branch == "main"'
    assert by_name["docker-hub"]["variables"]["IMAGE_REPOSITORY"] == "docker.io/you/oc-lettings"
    assert by_name["docker-hub"]["variables"]["DOCKERHUB_TOKEN"] == SECRETS["DOCKERHUB_TOKEN"]

    before = state(fakes, platform, clone)
    sent = list(fakes.sent)
    code, said = run()
    assert code == 0, said
    assert "setup-accounts: everything was there; nothing was changed" in said
    assert " made " not in said
    assert (state(fakes, platform, clone), fakes.sent) == (before, sent)


def test_the_apps_get_what_the_site_needs(run, platform, clone):
    assert run()[0] == 0
    staging, production = (platform.store.apps[GIVEN[name]].config for name in setup.APPS)
    for config, environment in ((staging, "staging"), (production, "production")):
        assert config["ENVIRONMENT"] == environment
        assert config["SENTRY_DSN"] == "https://public@o1.ingest.sentry.example/1"
        assert config["S3_BUCKET"] == f"you-{environment}"
        assert config["EMAIL_URL"] == SECRETS["EMAIL_URL"]
        assert config["ALLOWED_HOSTS"] == ".herokuapp.com" and config["TRUSTED_PROXIES"] == "1"
        assert config["DATABASE_URL"] and config["REDIS_URL"]
    assert staging["SECRET_KEY"] != production["SECRET_KEY"]
    assert len(production["SECRET_KEY"]) >= 50
    assert "INBOX_URL" not in staging and production["INBOX_URL"].startswith("imaps://")
    assert {app.stack for app in platform.store.apps.values()} == {"container"}
    text = (clone / ".circleci" / "config.yml").read_text()
    assert re.search(r"^ +STAGING_APP: you-lettings-staging$", text, re.M)
    assert re.search(r"^ +PRODUCTION_APP: you-lettings$", text, re.M)


def test_the_site_starts_with_what_an_app_gets():
    """By the settings' own reading."""
    from oc_lettings_site.tests.test_doctor import load

    vars_ = heroku.wanted("production", GIVEN | SECRETS, {})
    addons = {"DATABASE_URL": "postgres://u:p@h/n", "REDIS_URL": "rediss://:p@h:1"}
    assert load(**vars_ | addons | {"S3_ACCESS_KEY_ID": "key"}).DEPLOYED


def test_what_somebody_set_otherwise_stays(run, platform):
    assert run()[0] == 0
    config = platform.store.apps["you-lettings"].config
    config |= {"ALLOWED_HOSTS": "www.example.org", "TRUSTED_PROXIES": "2"}
    key = config["SECRET_KEY"]
    code, said = run(EMAIL_URL="smtp+tls://me:hunter2-new@mail.example:587")
    assert code == 0 and "config vars of you-lettings: EMAIL_URL" in said
    config = platform.store.apps["you-lettings"].config
    assert config["EMAIL_URL"].endswith("new@mail.example:587")
    assert config["ALLOWED_HOSTS"] == "www.example.org" and config["TRUSTED_PROXIES"] == "2"
    assert config["SECRET_KEY"] == key


def test_a_dry_run_asks_nobody(run, fakes, platform, clone):
    before = state(fakes, platform, clone)
    code, said = run("--dry-run", CIRCLECI_URL="http://127.0.0.1:9", SENTRY_URL="")
    assert code == 0, said
    assert "PUT http://127.0.0.1:9/api/v2/context/$ID_OF_heroku/environment-variable/" in said
    assert '"EMAIL_URL": "$EMAIL_URL"' in said and '"ENVIRONMENT": "production"' in said
    assert "would make" in said and "a dry run" in said
    assert (state(fakes, platform, clone), fakes.sent) == (before, [])


def test_all_that_is_missing_is_said_at_once(run, fakes, platform):
    changes = {"CIRCLECI_TOKEN": "", "SENTRY_ORG": "", "PRODUCTION_APP": "You_Lettings"}
    code, said = run(**changes, DEFAULT_FROM_EMAIL="", HEROKU_API_KEY="a b")
    assert code == 1
    for name in (*changes, "DEFAULT_FROM_EMAIL", "HEROKU_API_KEY"):
        assert f"\n  {name}: " in said
    assert "Nothing was made." in said
    assert not fakes.sent and not platform.store.apps


def test_one_app_for_both_is_refused(run):
    code, said = run(STAGING_APP="you-lettings")
    assert code == 1 and "are the same app" in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SENTRY_AUTH_TOKEN", "does not accept $SENTRY_AUTH_TOKEN"),
        ("DOCKERHUB_TOKEN", "Incorrect authentication credentials"),
        ("HEROKU_API_KEY", "does not accept $HEROKU_API_KEY"),
        ("CIRCLECI_TOKEN", "does not accept $CIRCLECI_TOKEN"),
    ],
)
def test_a_wrong_token_is_named(run, name, words):
    code, said = run(**{name: "another-token"})
    assert code == 1 and words in said


def test_a_run_that_stopped_half_way_goes_on(run, fakes, platform):
    code, said = run(CIRCLECI_TOKEN="another-token")
    assert code == 1 and not fakes.contexts
    apps = {name: dict(app.config) for name, app in platform.store.apps.items()}
    assert len(apps) == 2, "what came before is there"
    code, said = run()
    assert code == 0 and len(fakes.contexts) == 3
    assert {name: app.config for name, app in platform.store.apps.items()} == apps


def test_a_context_is_closed_before_it_holds_a_secret(run, fakes):
    run()
    for context in fakes.contexts:
        about = [sent for sent in fakes.sent if context in sent]
        assert about[0].endswith("/restrictions") and about[1].startswith("PUT ")


def test_what_docker_hub_refuses_is_yours_to_do(run, fakes):
    fakes.refuses.add("repository")
    code, said = run()
    assert code == 0
    assert "yours: Docker Hub: make the repository you/oc-lettings at https://hub" in said


def test_what_sentry_refuses_stops_before_anything_else(run, fakes, platform):
    fakes.refuses.add("project")
    code, said = run()
    assert code == 1 and "Make it by hand, platform Django" in said
    assert not platform.store.apps and not fakes.contexts


def test_a_repository_that_sentry_does_not_read_is_said(run, fakes):
    fakes.linked.clear()
    assert "yours: Sentry: let it read you/oc-lettings" in run()[1]


def test_an_app_whose_name_is_taken(run, platform):
    code, said = run(STAGING_APP="x" * 30 + "y")
    assert code == 1 and "is no name for an app" in said


def test_several_organizations_are_listed(run, clone):
    subprocess.run(
        ["git", "remote", "set-url", "origin", "git@github.com:third/oc-lettings"],
        cwd=clone,
        check=True,
    )
    code, said = run()
    assert code == 1 and "gh/you  (you)" in said and "export CIRCLECI_ORGANIZATION" in said
    assert run(CIRCLECI_ORGANIZATION="gh/you")[0] == 0


def test_another_registry_is_not_docker_hub_s():
    assert dockerhub.split("registry.example.org/you/oc-lettings") is None
    assert dockerhub.split("oc-lettings") is None


def test_a_workflow_without_the_names():
    with pytest.raises(ValueError, match="STAGING_APP"):
        app_names.renamed("executors: {}\n", {"STAGING_APP": "you"})


def test_the_contexts_are_those_of_the_workflow():
    for name, variables in circleci.CONTEXTS.items():
        assert set(variables) - circleci.OPTIONAL == set(CONTEXTS[name])
    assert set(circleci.CONTEXTS) == set(CONTEXTS)
