"""bin/sentry-release and bin/sentry-proof, with Sentry and with Bugsink."""

import json
import re

import pytest

from deploy.cli import Stop
from deploy.runner import Answer
from deploy.sentry.proof import prove
from deploy.sentry.release import announce
from deploy.sentry.repository import named
from deploy.sentry.server import Server

from .scripted_runner import NEW, OLD, Scripted, refused, site

SERVER = Server(url="https://sentry.example", organization="acme", project="oc")
URL = "https://oc.example"
LOG = "\x1f".join([NEW, "Ada", "ada@example.org", "2030-01-02T03:04:05+00:00", "Add a house"])
NO_BUGSINK = {"canonical/0/projects/": Answer(404, "")}
ORIGIN = "git@github.com:you/oc-lettings.git\n"
OURS = {"name": "you/oc-lettings", "status": "active", "provider": {"id": "integrations:github"}}
PROJECTS = {"results": [{"id": 4, "slug": "oc", "name": "OC"}]}


class TestRelease:
    def test_sentry_gets_the_commits_and_the_deploy(self):
        acting = Scripted(NO_BUGSINK | {"git log": LOG + "\n"})
        announce(acting, SERVER, NEW, "production", URL)
        created, deployed = acting.did("POST")
        path, _, body = created.partition(" {")
        assert path == "POST https://sentry.example/api/0/organizations/acme/releases/"
        assert json.loads("{" + body) == {
            "version": NEW,
            "projects": ["oc"],
            "commits": [
                {
                    "id": NEW,
                    "author_name": "Ada",
                    "author_email": "ada@example.org",
                    "timestamp": "2030-01-02T03:04:05+00:00",
                    "message": "Add a house",
                }
            ],
        }
        assert deployed == (
            f"POST https://sentry.example/api/0/organizations/acme/releases/{NEW}/deploys/ "
            '{"environment": "production", "url": "https://oc.example"}'
        )

    @pytest.mark.parametrize(
        "repositories",
        [
            Answer(403, ""),
            [],
            [OURS | {"name": "you/another"}],
            [OURS | {"status": "disabled"}],
            [OURS | {"provider": {"id": "unknown"}}],
            [OURS | {"provider": None}],
        ],
    )
    def test_the_commits_carry_the_repository(self, repositories, capsys):
        acting = Scripted(
            NO_BUGSINK | {"git log": LOG, "get-url origin": ORIGIN, "/repos/": repositories}
        )
        announce(acting, SERVER, NEW, "production", URL)
        created = acting.did("POST")[0]
        assert '"repository": "you/oc-lettings"' in created and "refs" not in created
        assert "install its GitHub integration" in capsys.readouterr().out

    def test_a_repository_that_sentry_reads_is_referred_to(self, capsys):
        log = LOG + "\n" + LOG.replace(NEW, OLD)
        rules = {"git log": log, "get-url origin": ORIGIN, "/repos/": [OURS]}
        acting = Scripted(NO_BUGSINK | rules)
        announce(acting, SERVER, NEW, "production", URL)
        body = json.loads("{" + acting.did("POST")[0].partition(" {")[2])
        assert body["refs"] == [
            {"repository": "you/oc-lettings", "commit": NEW, "previousCommit": OLD}
        ]
        assert "commits" not in body
        assert "integration" not in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("address", "name"),
        [
            ("git@github.com:you/oc-lettings.git", "you/oc-lettings"),
            ("git@github.com:you/oc-lettings", "you/oc-lettings"),
            ("ssh://git@github.com/you/oc-lettings.git", "you/oc-lettings"),
            ("ssh://git@git.example.org:2222/you/oc.lettings.git", "you/oc.lettings"),
            ("https://github.com/you/oc-lettings.git", "you/oc-lettings"),
            ("https://x-access-token:secret@github.com/you/oc-lettings", "you/oc-lettings"),
            ("https://gitlab.com/group/sub/oc-lettings.git/", "group/sub/oc-lettings"),
            ("/srv/remote.git", ""),
            ("../remote", ""),
            ("", ""),
        ],
    )
    def test_which_repository_a_remote_names(self, address, name):
        assert named(address) == name

    def test_a_clone_of_nowhere(self):
        acting = Scripted(NO_BUGSINK | {"git log": LOG, "get-url origin": refused("no such")})
        announce(acting, SERVER, NEW, "production", URL)
        assert not acting.did("/repos/") and '"repository"' not in acting.did("POST")[0]

    @pytest.mark.parametrize(
        ("answer", "words"),
        [
            (Answer(201, "{}"), "has been made"),
            (Answer(400, '{"version": ["Release with this version already exists"]}'), "already"),
        ],
    )
    def test_bugsink_gets_the_release_and_what_it_lacks_is_said(self, answer, words, capsys):
        acting = Scripted({"projects/": PROJECTS, "0/releases/": answer, "git log": LOG})
        announce(acting, SERVER, NEW, "production", URL)
        said = capsys.readouterr().out
        assert words in said and "keeps neither commits nor deploys" in said
        assert acting.did("releases") == [
            "POST https://sentry.example/api/canonical/0/releases/ "
            f'{{"project": 4, "version": "{NEW}"}}'
        ]

    def test_bugsink_that_refuses(self):
        rules = {"projects/": PROJECTS, "releases/": Answer(403, "no right"), "git log": LOG}
        with pytest.raises(Stop, match="did not take the release: 403 no right"):
            announce(Scripted(rules), SERVER, NEW, "production", URL)

    def test_a_project_that_is_not_there(self):
        rules = {"projects/": {"results": [{"id": 1, "slug": "a", "name": "A"}]}, "git log": LOG}
        with pytest.raises(Stop, match="no project 'oc'; it shows: a"):
            announce(Scripted(rules), SERVER, NEW, "production", URL)


class Sentry(Scripted):
    """Has the event of whichever request made the site fail, after so many questions."""

    request = ""

    def _answer(self, what, default):
        headers = getattr(what, "headers", {})
        self.request = headers.get("X-Request-ID", self.request)
        said = super()._answer(what, default)
        if isinstance(said, Answer):
            return said
        return json.loads(json.dumps(said).replace("REQUEST", self.request))


def rules(release=NEW, environment="staging", **changes):
    tags = {"request_id": "REQUEST", "release": release, "environment": environment}
    event = {"tags": [{"key": key, "value": value} for key, value in tags.items()]}
    base = NO_BUGSINK | {
        "/version": site(NEW),
        "/readyz": {},
        "/sentry-debug/": Answer(500, ""),
        "/events/latest/": event,
        "/issues/?": ([], [{"id": "9", "permalink": "https://sentry.example/issues/9"}]),
    }
    # The first rule that fits is taken.
    return changes | {text: said for text, said in base.items() if text not in changes}


class TestProof:
    def test_the_error_of_this_very_request_is_waited_for(self, capsys):
        acting = Sentry(rules())
        prove(acting, SERVER, URL, 60)
        said = capsys.readouterr().out
        assert f"release {NEW}, environment staging" in said
        assert "https://sentry.example/issues/9" in said
        assert re.search(r"arrived within \d", said)
        asked = acting.did("/issues/?")
        assert len(asked) == 2 and acting.request in asked[0] and len(acting.request) == 36

    def test_bugsink_too(self, capsys):
        acting = Sentry(
            rules(
                **{
                    "canonical/0/projects/": PROJECTS,
                    "canonical/0/issues/": ({"results": []}, {"results": [{"id": "i1"}]}),
                    # The issue has been there, with an error of the release before.
                    "canonical/0/events/?": (
                        {"results": [{"id": "e1"}]},
                        {"results": [{"id": "e2"}, {"id": "e1"}]},
                    ),
                    "canonical/0/events/e1/": {"data": {"release": OLD, "tags": None}},
                    "canonical/0/events/e2/": {
                        "data": {
                            "release": NEW,
                            "environment": "staging",
                            "tags": {"request_id": "REQUEST"},
                        }
                    },
                }
            )
        )
        prove(acting, SERVER, URL, 60)
        assert len(acting.did("canonical/0/issues/")) == 3
        assert "https://sentry.example/issues/issue/i1/event/last/" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            (
                {"release": OLD},
                "under release 1111111111 in staging, but the site runs 2222222222",
            ),
            ({"environment": "production"}, "in production, but the site runs 2222222222 in stag"),
        ],
    )
    def test_the_wrong_release_or_environment_is_no_proof(self, changed, words):
        with pytest.raises(Stop, match=words):
            prove(Sentry(rules(**changed)), SERVER, URL, 60)

    def test_an_error_that_does_not_arrive(self):
        with pytest.raises(Stop, match="is not in https://sentry.example after 60 s"):
            prove(Sentry(rules(**{"/issues/?": []})), SERVER, URL, 60)

    def test_a_site_that_makes_no_error(self):
        with pytest.raises(Stop, match="answered 404, not 500"):
            prove(Sentry(rules(**{"/sentry-debug/": Answer(404, "")})), SERVER, URL, 60)

    def test_a_site_that_was_asked_too_often_is_given_time(self):
        tired = (Answer(429, ""), Answer(500, ""))
        acting = Sentry(rules(**{"/sentry-debug/": tired}))
        prove(acting, SERVER, URL, 60)
        assert len(acting.did("/sentry-debug/")) == 2

    def test_a_site_that_does_not_say_its_commit(self):
        with pytest.raises(Stop, match="does not say which commit it runs"):
            prove(Sentry(rules(**{"/version": Answer(0, "no route")})), SERVER, URL, 60)
