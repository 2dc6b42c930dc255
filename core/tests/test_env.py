"""The environment: how each kind of value is read, and what is said of one that can't be."""

import pytest

from core.env import MASK, REQUIRED, BadEnvironment, Env, mask_url, near_miss

# Names that a shell, a platform or a CI service sets by itself; none is a slip of ours.
OTHERS = """
PATH HOME HOSTNAME HOST PORT USER LANG SHELL TERM PWD DYNO DEBUG_COLORS DEBUGINFOD_URLS
REDIS_TLS_URL REDISCLOUD_URL HEROKU_POSTGRESQL_BLUE_URL DATABASE_PRIVATE_URL
DATABASE_PUBLIC_URL DATABASE_HOST DATABASE_NAME TEST_DATABASE_URL TEST_REDIS_URL
SENTRY_AUTH_TOKEN SENTRY_PROJECT SENTRY_ORG SENTRY_ENVIRONMENT SENTRY_RELEASE WEB_MEMORY
HEROKU_SLUG_COMMIT SOURCE_VERSION GITHUB_TOKEN CI CIRCLECI CIRCLE_SHA1 PYTHONPATH
DJANGO_SETTINGS_MODULE VIRTUAL_ENV TZ LS_COLORS LOGNAME SSH_AGENT_PID
""".split()


def found(reader, name="X", **source):
    env = Env(source)
    reader(env)
    return [fault.found for fault in env.faults if fault.name == name]


@pytest.mark.parametrize(
    ("reader", "text", "value"),
    [
        (lambda env: env.str("X"), " word", " word"),
        (lambda env: env.bool("X", False), "Yes", True),
        (lambda env: env.bool("X", True), "0", False),
        (lambda env: env.int("X", 1), "12", 12),
        (lambda env: env.float("X", 0, at_most=1), "0.25", 0.25),
        (lambda env: env.choice("X", "a", ("a", "b")), "b", "b"),
        (lambda env: env.url("X", "", ("redis",)), "redis://h/0", "redis://h/0"),
        (lambda env: env.url("X", "", ("redis",)), "redis://:a%23@h:6379", "redis://:a%23@h:6379"),
        (
            lambda env: env.url("X", "", ("unix",)),
            "unix:///run/redis?db=1",
            "unix:///run/redis?db=1",
        ),
    ],
)
def test_a_value_is_read(reader, text, value):
    env = Env({"X": text})
    assert reader(env) == value
    assert not env.faults
    assert env.variables["X"].source == "environment"


@pytest.mark.parametrize(
    ("reader", "text", "accepted"),
    [
        (lambda env: env.bool("X", False), "maybe", "true or false"),
        (lambda env: env.int("X", 1, at_least=1), "0", "a whole number, 1 or more"),
        (lambda env: env.int("X", 1), "1.5", "a whole number, 0 or more"),
        (lambda env: env.float("X", 0, at_most=1), "1.1", "a number from 0 to 1"),
        (lambda env: env.float("X", 0, at_most=1), "nan", "a number from 0 to 1"),
        (lambda env: env.choice("X", "a", ("a", "b")), "c", "one of a, b"),
        (
            lambda env: env.url("X", "", ("redis", "rediss")),
            "http://h",
            "redis://... or rediss://...",
        ),
    ],
)
def test_a_malformed_value_is_named_with_what_is_accepted(reader, text, accepted):
    assert found(reader, X=text) == [f"found {text!r}, accepted: {accepted}"]


@pytest.mark.parametrize(
    "url",
    ["redis://", "redis://h:port/0", "redis://h:0", "redis://:a/b@h/0", "redis://:a#b@h/0"]
    + ["redis://:a@b#c@h/0"],
)
def test_an_address_that_leads_nowhere_or_elsewhere(url):
    (words,) = found(lambda env: env.url("X", "", ("redis",)), X=url)
    assert words.endswith("accepted: redis://...")


def test_an_empty_value_is_none_at_all():
    env = Env({"X": ""}, {"X": "from the file"})
    assert env.str("X", "default") == "from the file"
    assert Env({"X": ""}).str("X", "default") == "default"


def test_the_environment_wins_over_dotenv():
    env = Env({"X": "a"}, {"X": "b", "Y": "c"})
    assert (env.str("X"), env.str("Y")) == ("a", "c")
    assert [v.source for v in env.variables.values()] == ["environment", ".env"]


def test_a_required_value_that_is_missing_is_a_fault_with_words():
    env = Env({})
    assert env.str("X", REQUIRED, why="because", fix="export X=1") is None
    with pytest.raises(BadEnvironment, match="X: not set\n  why: because\n  fix: export X=1"):
        env.stop_on_faults()


def test_every_fault_is_reported_at_once():
    env = Env({"A": "x", "B": "y"})
    env.int("A", 1)
    env.bool("B", True)
    with pytest.raises(BadEnvironment) as caught:
        env.stop_on_faults()
    assert "A: found 'x'" in str(caught.value)
    assert "B: found 'y'" in str(caught.value)
    assert "export B=true" in str(caught.value)


class TestFile:
    def test_a_secret_comes_from_a_file(self, tmp_path):
        (tmp_path / "key").write_text("from the file\n")
        env = Env({"X_FILE": f"{tmp_path}/key"})
        assert env.secret("X") == "from the file"
        assert env.variables["X"].source == "environment, X_FILE"

    def test_a_file_that_is_not_there(self, tmp_path):
        faults = found(lambda env: env.secret("X", REQUIRED), X_FILE=f"{tmp_path}/none")
        assert faults == [f"X_FILE={tmp_path}/none: No such file or directory"]

    def test_a_file_that_is_not_text(self, tmp_path):
        (tmp_path / "key").write_bytes(b"\xff\xfe\xff")
        assert found(lambda env: env.secret("X"), X_FILE=f"{tmp_path}/key")[0].endswith("not text")

    def test_both_at_once(self, tmp_path):
        assert found(lambda env: env.secret("X"), X="a", X_FILE="b") == [
            "both X and X_FILE are set"
        ]


class TestMask:
    def test_a_secret_is_never_shown(self):
        env = Env({"X": "hunter2"})
        env.secret("X")
        assert env.variables["X"].shown == MASK

    def test_no_secret_shows_nothing(self):
        env = Env({})
        env.secret("X")
        assert env.variables["X"].shown == ""

    @pytest.mark.parametrize(
        ("url", "shown"),
        [
            ("postgres://u:hunter2@h:5/n", f"postgres://u:{MASK}@h:5/n"),
            ("postgres://u:hun/ter2@#hunter2@h/n", f"postgres://u:{MASK}@h/n"),
            ("redis://:hunter2@h/0", f"redis://:{MASK}@h/0"),
            ("redis://h:6379/0", "redis://h:6379/0"),
            ("https://hunter2@sentry.example/1", f"https://{MASK}@sentry.example/1"),
            (
                "postgres://h/n?sslmode=on&password=hunter2",
                f"postgres://h/n?sslmode=on&password={MASK}",
            ),
            ("hunter2", MASK),
            ("", ""),
        ],
    )
    def test_a_url_is_shown_without_its_password(self, url, shown):
        assert mask_url(url) == shown

    def test_a_malformed_url_is_shown_without_its_password(self):
        faults = found(lambda env: env.url("X", "", ("redis",)), X="http://u:hunter2@h")
        assert faults == [f"found 'http://u:{MASK}@h', accepted: redis://..."]


class TestNearMiss:
    KNOWN = {
        "DATABASE_URL",
        "SECRET_KEY",
        "SECRET_KEY_FILE",
        "SENTRY_DSN",
        "TRUSTED_PROXIES",
        "DEBUG",
    }

    @pytest.mark.parametrize(
        ("name", "meant"),
        [
            ("DATABSE_URL", "DATABASE_URL"),
            ("DATABASEURL", "DATABASE_URL"),
            ("database_url", "DATABASE_URL"),
            ("SENTRY_DNS", "SENTRY_DSN"),
            ("SECRETKEY", "SECRET_KEY"),
            ("SECRET_KEYFILE", "SECRET_KEY_FILE"),
            ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ],
    )
    def test_a_slip_is_recognised(self, name, meant):
        assert near_miss(name, self.KNOWN) == meant

    @pytest.mark.parametrize("name", OTHERS)
    def test_what_others_set_makes_no_noise(self, name):
        from oc_lettings_site.settings import env

        known = {*env.variables, *(f"{known}_FILE" for known in env.variables)}
        assert name in known or near_miss(name, known) is None

    def test_a_slip_stops_the_boot(self):
        env = Env({"DATABSE_URL": "x"})
        env.str("DATABASE_URL")
        with pytest.raises(BadEnvironment, match="did you mean DATABASE_URL"):
            env.stop_on_faults()
