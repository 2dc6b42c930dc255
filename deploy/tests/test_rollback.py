"""bin/rollback: which release, which commit, and whether its code can run on the schema."""

import pytest

from deploy.cli import Stop
from deploy.heroku.platform import Heroku
from deploy.heroku.rollback import choose, rollback, web_image
from deploy.runner import Answer, DryRun

from .scripted_runner import NEW, OLD, Scripted, image, refused, release, site, unwilling

API = "https://api.example"
HEROKU = Heroku(api=API, registry="registry.example")
URL = "https://oc.example"
ADDED = "A\tlettings/migrations/0009_rating.py\n"
MIGRATION = """
class Migration(migrations.Migration):
    operations = [
        migrations.{operation},
    ]
"""
HARMLESS = MIGRATION.format(
    operation='AddField("letting", "rating", models.IntegerField(null=True))'
)
HARMFUL = MIGRATION.format(operation='RemoveField("letting", "price")')
RELEASES = [
    release(8, current=True, description="Deployed web (bbbbbbbbbbbb), release (cccc)"),
    release(7, description="Set GREETING config vars"),
    release(6, description="Deployed web (aaaaaaaaaaaa), release (dddd)"),
    release(5, description="Deployed web (eeeeeeeeeeee)", status="failed"),
]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("IMAGE_REPOSITORY", "hub.example/oc")
    monkeypatch.delenv("DOCKERHUB_TOKEN", raising=False)


def rules(**changes):
    base = {
        "git diff": "",
        "git show": HARMLESS,
        "git ls-tree": "lettings/migrations/0007_x.py\nlettings/migrations/0008_y.py\n",
        "git log": f"{NEW}\n{OLD}\n",
        f"look at hub.example/oc:{NEW}": image("b"),
        f"look at hub.example/oc:{OLD}": image("a", OLD),
        "apps/oc/releases/id-9": release(9),
        f"GET {API}/apps/oc/releases": RELEASES,
        f"POST {API}/apps/oc/releases": release(9),
        f"GET {API}/apps/oc/dynos": [],
        "/features/preboot": {"enabled": False},
        f"GET {API}/apps/oc": {"web_url": URL},
        "/version": (site(NEW), site(OLD)),
        "/readyz": {"status": "ready"},
    }
    return base | changes


def go(script, asked="", commit=""):
    acting = Scripted(script)
    rollback(acting, HEROKU, "oc", asked, commit, 60)
    return acting


def stopped(script, asked="", commit=""):
    acting = Scripted(script)
    with pytest.raises(Stop) as stop:
        rollback(acting, HEROKU, "oc", asked, commit, 60)
    assert not acting.did("POST") or "after the rollback" in str(stop.value)
    return acting, str(stop.value)


class TestWhichRelease:
    def test_the_newest_that_ran_other_images(self):
        assert choose(RELEASES, "")["version"] == 7
        assert web_image(RELEASES, 7) == "aaaaaaaaaaaa"

    def test_after_a_rollback_what_it_rolled_back_to_counts(self):
        back = release(9, current=True, description="Rollback to v6")
        now = [back, *[r | {"current": False} for r in RELEASES]]
        assert web_image(now, 9) == "aaaaaaaaaaaa"
        assert choose(now, "")["version"] == 8

    @pytest.mark.parametrize("name", ["v6", "6", "id-6"])
    def test_one_by_name(self, name):
        assert choose(RELEASES, name)["version"] == 6

    def test_one_that_failed(self):
        with pytest.raises(Stop, match="v5 is failed: it can't run"):
            choose(RELEASES, "v5")

    def test_one_that_is_not_there(self):
        with pytest.raises(Stop, match="no release v99; those looked at are: v8, v7, v6, v5"):
            choose(RELEASES, "v99")

    def test_none(self):
        with pytest.raises(Stop, match="no release to go back to"):
            choose([release(1, current=True, description="Deployed web (aaaaaa)")], "")


def test_without_migrations_between_it_goes_back():
    acting = go(rules())
    assert acting.did("git diff") == [
        f"git diff --name-status --no-renames {OLD} {NEW} -- '*/migrations/*.py'"
    ]
    assert acting.did("POST") == [f'POST {API}/apps/oc/releases {{"release": "id-7"}}']


def test_with_migrations_that_older_code_can_live_with_it_goes_back(capsys):
    assert go(rules(**{"git diff": ADDED})).did("POST")
    said = capsys.readouterr().out
    assert "1 migration(s) between 1111111111 and 2222222222" in said
    assert "lettings.0009_rating" in said and "can run on the schema as it is" in said


def test_with_migrations_that_older_code_can_not_live_with_it_refuses_and_offers_the_ways():
    acting, words = stopped(rules(**{"git diff": ADDED, "git show": HARMFUL}))
    assert "1111111111 can't run on the schema that 2222222222 left" in words
    assert "RemoveField(letting.price): the older code asks for a column that is gone" in words
    assert "1. Go forward" in words
    assert "heroku run -a oc -- python manage.py migrate lettings 0008_y" in words


def test_once_the_migration_was_taken_back_it_goes_back():
    pending = Answer(503, '{"status": "not ready", "migrations": "pending: lettings.0009_rating"}')
    script = rules(**{"git diff": ADDED, "git show": HARMFUL})
    assert go(script | {"/readyz": (pending, {"status": "ready"})}).did("POST")


def test_a_migration_that_was_rewritten_can_not_be_judged():
    changed = "M\tlettings/migrations/0003_search.py\n"
    _, words = stopped(rules(**{"git diff": changed}))
    assert "migrations that both commits have differ: lettings/migrations/0003_search.py" in words


def test_a_history_that_is_not_whole():
    _, words = stopped(rules(**{"git diff": refused("fatal: bad object 1111")}))
    assert "git fetch --unshallow" in words


def test_an_image_of_no_known_commit():
    unknown = {
        f"look at hub.example/oc:{OLD}": unwilling("manifest unknown: manifest unknown"),
        f"look at hub.example/oc:{NEW}": image("b"),
    }
    _, words = stopped(rules(**unknown))
    assert "has the image aaaaaaaaaaaa" in words and "--commit SHA" in words
    assert go(rules(**unknown, **{"git rev-parse": OLD}), commit=OLD).did("POST")


def test_a_release_that_ran_nothing():
    bare = [*RELEASES, release(1, description="Set GREETING config vars")]
    _, words = stopped(rules(**{f"GET {API}/apps/oc/releases": bare}), asked="v1")
    assert "release v1 of oc has no image any more" in words


def test_a_registry_that_is_down_is_named():
    down = unwilling("dial tcp: connection refused")
    _, words = stopped(rules(**{f"look at hub.example/oc:{OLD}": down}))
    assert "the registry hub.example could not be reached" in words


def test_a_site_that_does_not_answer_is_not_guessed_about():
    _, words = stopped(rules(**{"/version": Answer(503, "Application error")}))
    assert "does not say which commit it runs (/version: 503, Application error)" in words
    assert "heroku rollback v7 -a oc" in words


def test_a_rollback_that_does_not_come_up_is_said():
    _, words = stopped(rules(**{"/version": site(NEW)}))
    assert "after the rollback, https://oc.example is not right after 60 s" in words


def test_a_commit_may_be_named_shortly():
    acting = go(rules(**{f"git rev-parse --verify '{OLD[:10]}^": OLD}), "v6", OLD[:10])
    assert acting.did("git diff")[0].startswith(f"git diff --name-status --no-renames {OLD} {NEW}")


def test_a_dry_run_prints_the_calls_of_the_release_asked_for(capsys):
    rollback(DryRun(), HEROKU, "oc", "v3", "", 60)
    said = capsys.readouterr().out
    assert "git log --format=%H" in said and "look at" in said
    assert "going back to v3" in said
