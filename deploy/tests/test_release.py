"""bin/release: what it does, in which order, and what it says when it can't go on."""

import pytest

from deploy.commands import Account, Copy, Inspect
from deploy.cli import Stop
from deploy.heroku.platform import Heroku
from deploy.heroku.release import release as run_release
from deploy.image.commands import OTHER_KINDS
from deploy.runner import Answer

from .scripted_runner import NEW, OLD, Scripted, dyno, image, refused, release, site, unwilling

API, REGISTRY, HUB = "https://api.example", "registry.example", "hub.example/oc"
URL = "https://oc.example"
HEROKU = Heroku(api=API, registry=REGISTRY)
READY = {"status": "ready"}
# By how the tag ends, the longer ones first: the first text that occurs in a call answers it.
IMAGES = {"-worker": "c", "-beat": "d", "-release": "b", "": "a"}


def manifest(letter):
    return {"mediaType": "schema2", "config": {"digest": f"sha256:{letter * 64}"}}


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("IMAGE_REPOSITORY", HUB)
    monkeypatch.delenv("DOCKERHUB_TOKEN", raising=False)


def rules(**changes):
    """Return the script of a release that goes well."""
    base = {
        "/dynos": [],
        "/features/preboot": {"enabled": False},
        "log-sessions": {"logplex_url": "https://logs"},
        "GET https://logs": Answer(200, ""),
        "git status": "",
        "git rev-parse": NEW + "\n",
        **{f"look at {HUB}:{NEW}{suffix}": image(letter) for suffix, letter in IMAGES.items()},
        "/web/manifests": manifest("a"),
        "/worker/manifests": manifest("c"),
        "/beat/manifests": manifest("d"),
        "/release/manifests": manifest("b"),
        "GET https://api.example/apps/oc/releases/id-9": release(9, status="succeeded"),
        "GET https://api.example/apps/oc/releases/id-8": release(8),
        "GET https://api.example/apps/oc/releases": (
            [release(7, current=True)],
            [release(8, status="pending", output_stream_url="https://out"), release(7)],
        ),
        "POST https://api.example/apps/oc/releases": release(9, status="pending"),
        "GET https://api.example/apps/oc": {"web_url": URL + "/"},
        "/version": (site(OLD), site(NEW)),
        "/readyz": READY,
    }
    return changes | {key: value for key, value in base.items() if key not in changes}


def reordered(script):
    """Return the rules with the longer texts first: the first that occurs in a call answers it."""
    return dict(sorted(script.items(), key=lambda rule: -len(rule[0])))


def go(script, **options):
    acting = Scripted(script)
    given = {"app": "oc", "asked": "", "url": "", "seconds": 60} | options
    run_release(acting, HEROKU, *given.values())
    return acting


def stopped(script, **options):
    acting = Scripted(script)
    given = {"app": "oc", "asked": "", "url": "", "seconds": 60} | options
    with pytest.raises(Stop) as stop:
        run_release(acting, HEROKU, *given.values())
    return acting, str(stop.value)


def test_a_good_release_makes_exactly_these_calls():
    asking = [f"GET {URL}/version", f"GET {URL}/readyz"]
    processes = {"web": "", "worker": "-worker", "beat": "-beat", "release": "-release"}
    updates = ", ".join(
        f'{{"type": "{process}", "docker_image": "sha256:{letter * 64}"}}'
        for process, letter in zip(processes, "acdb", strict=True)
    )
    assert go(rules()).done == [
        "git status --porcelain",
        "git rev-parse --verify 'HEAD^{commit}'",
        *(f"look at {HUB}:{NEW}{suffix}" for suffix in processes.values()),
        f"GET {API}/apps/oc",
        f"GET {API}/apps/oc/releases",
        *asking,
        f"GET {API}/apps/oc/features/preboot",
        *(
            f"copy {HUB}@{image(IMAGES[suffix]).digest} to {REGISTRY}/oc/{process}"
            for process, suffix in processes.items()
        ),
        *(f"GET https://{REGISTRY}/v2/oc/{process}/manifests/latest" for process in processes),
        f'PATCH {API}/apps/oc/formation {{"updates": [{updates}]}}',
        f"GET {API}/apps/oc/releases",
        "GET https://out",
        f"GET {API}/apps/oc/releases/id-8",
        *asking * 3,
    ]


def test_nothing_is_scaled():
    patch = go(rules()).did("PATCH")
    assert len(patch) == 1 and "quantity" not in patch[0] and "size" not in patch[0]


def test_a_dirty_tree_is_refused():
    acting, words = stopped(rules(**{"git status": " M lettings/browsing/views.py\n"}))
    assert " M lettings/browsing/views.py" in words and "never tested" in words
    assert acting.done == ["git status --porcelain"]


def test_a_named_commit_is_released_whatever_the_tree_looks_like():
    acting = go(rules(**{"git status": " M x\n"}), asked="v1.2")
    assert acting.done[0] == "git rev-parse --verify 'v1.2^{commit}'"


def test_a_commit_that_git_does_not_know():
    _, words = stopped(rules(**{"git rev-parse": refused("fatal: Needed a single revision")}))
    assert "git knows no commit 'HEAD'" in words


def test_the_layers_go_once_and_the_other_images_take_them_from_the_first():
    beside = [order.beside for order in go(rules()).orders if isinstance(order, Copy)]
    assert beside == ["", *[f"{REGISTRY}/oc/web"] * 3]


def test_an_untested_commit_has_no_image_and_is_refused():
    gone = unwilling("manifest unknown: manifest unknown")
    acting, words = stopped(rules(**{f"look at {HUB}:{NEW}": gone}))
    assert "has no image of 2222222222: its tests did not pass" in words
    assert not acting.did("PATCH") and not acting.did("copy")


def test_an_image_of_another_commit_is_not_trusted():
    acting, words = stopped(rules(**{f"look at {HUB}:{NEW}-beat": image("d", OLD)}))
    assert f"built from {OLD}, not from {NEW}" in words
    assert not acting.did("copy")


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_an_image_that_heroku_refuses_is_not_sent(kind):
    acting, words = stopped(rules(**{f"look at {HUB}:{NEW}": image("a", kind=kind)}))
    assert f"{HUB}:{NEW} is a {kind}, which Heroku can't run" in words
    assert not acting.did("copy")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("unauthorized: authentication required", "refuses the user or the token"),
        ("unsupported: The operation is unsupported.", "does not take this kind of manifest"),
        ("toomanyrequests: Too Many Requests (HAP429)", "was asked too often"),
        ("connect: connection refused", "could not be reached, after three"),
    ],
)
@pytest.mark.parametrize("step", ["look at", "copy"])
def test_a_registry_that_fails_is_named_and_nothing_is_released(step, said, heard):
    registry = REGISTRY if step == "copy" else "hub.example"
    acting, words = stopped(rules(**{step: unwilling(said, registry)}))
    assert f"the registry {registry} {heard}" in words and "Nothing was released" in words
    assert said in words
    assert not acting.did("PATCH")


@pytest.mark.parametrize("given", ["oc-lettings", "docker.io/you/oc:main", "https://hub/you/oc"])
def test_a_repository_that_is_none_is_named(monkeypatch, given):
    monkeypatch.setenv("IMAGE_REPOSITORY", given)
    acting, words = stopped(rules())
    assert words.startswith(f"IMAGE_REPOSITORY is {given!r}: ")
    assert "export IMAGE_REPOSITORY=docker.io/you/oc-lettings" in words
    assert not acting.did("look at")


@pytest.mark.parametrize(("token", "user"), [("", ""), ("hub-secret", "you")])
def test_the_hub_is_asked_by_name_when_there_is_a_token(monkeypatch, token, user):
    monkeypatch.setenv("DOCKERHUB_USERNAME", "you")
    monkeypatch.setenv("DOCKERHUB_TOKEN", token)
    acting = go(rules())
    looks = [order.account for order in acting.orders if isinstance(order, Inspect)]
    assert set(looks) == {Account(user, "DOCKERHUB_TOKEN")}
    copies = [order for order in acting.orders if isinstance(order, Copy)]
    assert {order.reader for order in copies} == set(looks)
    assert {order.writer for order in copies} == {Account("_", "HEROKU_API_KEY")}
    assert not any("hub-secret" in line for line in acting.done)


def test_a_release_does_not_overlap_another():
    busy = [release(8, status="pending"), release(7, current=True)]
    acting, words = stopped(rules(**{"GET https://api.example/apps/oc/releases": busy}))
    assert "v8 of oc is still running its release process" in words
    assert not acting.did("copy")


def test_a_failing_release_process_leaves_the_old_release():
    failed = {
        "GET https://api.example/apps/oc/releases/id-8": release(8, status="failed"),
    }
    acting, words = stopped(rules() | failed)
    assert "the release process of oc v8 failed" in words
    assert f"{URL} was not touched: it serves 1111111111 as before" in words
    assert not acting.did("/releases {")


def test_a_release_process_that_is_not_over_is_not_said_to_have_failed(monkeypatch, capsys):
    monkeypatch.setattr("deploy.heroku.rollout.SILENCE_SECONDS", -1)
    script = rules() | {
        "GET https://api.example/apps/oc/releases": (
            [release(7, current=True)],
            [release(8, status="pending")],
        ),
        "GET https://api.example/apps/oc/releases/id-8": release(8, status="pending"),
        "log-sessions": {"logplex_url": "https://logs"},
        "GET https://logs": Answer(200, ""),
    }
    acting, words = stopped(reordered(script))
    assert "v8 is not over in 900 s" in words and "makes the release live by itself" in words
    assert "was not touched" not in words
    assert "oc: v8 is still at it" in capsys.readouterr().out


def test_a_release_process_without_a_stream_shows_its_log_as_it_grows(capsys):
    running = release(8, status="pending")
    first = "2030-01-01T00:00:08.1+00:00 app[release.8]: plan"
    logs = [Answer(200, "2030-01-01T00:00:01.1+00:00 app[release.7]: older\n" + first)]
    logs.append(
        Answer(200, first + "\n2030-01-01T00:00:09.1+00:00 app[release.8]: relation exists")
    )
    script = rules() | {
        "GET https://api.example/apps/oc/releases": (
            [release(7, current=True)],
            [running | {"output_stream_url": "https://out", "created_at": "2030-01-01T00:00:08Z"}],
        ),
        "GET https://out": 0,
        "GET https://api.example/apps/oc/releases/id-8": (running, release(8, status="failed")),
        "log-sessions": {"logplex_url": "https://logs"},
        "GET https://logs": tuple(logs),
    }
    acting, _ = stopped(reordered(script))
    said = capsys.readouterr().out
    assert said.count("plan") == 1 and said.count("relation exists") == 1
    assert "older" not in said


def test_a_crashed_dyno_ends_the_waiting():
    script = rules() | {"/version": site(OLD)}
    acting, words = stopped(script | {"/dynos": [dyno(8, "crashed")]})
    assert f"{URL} is not right: web.1 crashed" in words
    assert "v7 was put back: the site runs 1111111111." in words
    assert len(acting.did("/dynos")) == 1


def test_a_commit_that_nobody_released_ends_the_waiting():
    said = (site(OLD), site("wrong"), site(OLD), *[site("wrong")] * 6, site(OLD))
    acting, words = stopped(rules() | {"/version": said})
    assert f"{URL} is not right: it says commit wrong, which nobody released" in words
    assert len(acting.did("/dynos")) == 8, "while old and new answer side by side, it waits"


def test_an_older_dyno_that_crashed_does_not():
    script = rules() | {
        "/dynos": [dyno(7, "crashed")],
        "/version": (site(OLD), site(OLD), site(NEW)),
    }
    assert go(script).did("/dynos")


def test_a_site_that_says_another_commit_is_put_back():
    acting, words = stopped(rules(**{"/version": site(OLD)}))
    assert f"{URL} is not right after 60 s: it says commit 1111111111, not 2222222222" in words
    assert "v7 was put back: the site runs 1111111111." in words
    assert "heroku logs -n 200 -a oc" in words
    assert acting.did("/releases {") == [f'POST {API}/apps/oc/releases {{"release": "id-7"}}']


def test_a_site_that_says_the_old_commit_from_new_dynos_alone_is_put_back_at_once():
    """Without preboot no old dyno answers once there are new ones."""
    dynos = [dyno(8), dyno(8, name="web.2"), dyno(7, name="worker.1")]
    booting = [dyno(8), dyno(8, "starting", name="web.2")]
    script = rules() | {"/version": site(OLD), "/dynos": (*[booting] * 4, dynos)}
    acting, words = stopped(script)
    assert "it goes on saying commit 1111111111, though all its dynos run v8" in words
    assert len(acting.did("/dynos")) == 4 + 6
    assert "v7 was put back: the site runs 1111111111." in words


def test_with_preboot_old_dynos_may_answer_for_minutes_though_new_ones_are_up():
    preboot = {"/features/preboot": {"enabled": True}, "/dynos": [dyno(8)]}
    late = (*[site(OLD)] * 15, site(NEW))
    go(rules() | preboot | {"/version": late})


@pytest.mark.parametrize("said", [{"enabled": True}, Answer(404, '{"id": "not_found"}')])
def test_a_site_that_says_the_old_commit_even_after_preboot_is_put_back(said):
    preboot = {"/features/preboot": said, "/dynos": [dyno(8)]}
    acting, words = stopped(rules() | preboot | {"/version": site(OLD)})
    assert "it goes on saying commit 1111111111, though all its dynos run v8" in words
    assert len(acting.did("/dynos")) == 20 + 6, "the whole patience of the script, then six"


def test_a_dyno_that_crashes_ends_the_patience_with_preboot():
    preboot = {"/features/preboot": {"enabled": True}, "/dynos": [dyno(8, "crashed")]}
    acting, words = stopped(rules() | preboot | {"/version": site(OLD)})
    assert f"{URL} is not right: web.1 crashed" in words
    assert len(acting.did("/dynos")) == 2


def test_a_site_that_crashes_is_put_back_and_its_answer_told():
    page = Answer(503, "<title>Application Error</title><h1>Application error</h1>")
    times = [site(OLD)] + [page] * 20 + [site(OLD)]
    _, words = stopped(rules(**{"/version": tuple(times)}))
    assert "/version: 503, Application error" in words
    assert "v7 was put back: the site runs 1111111111." in words


def test_a_site_that_is_not_ready_is_put_back_and_the_part_named():
    unready = Answer(503, '{"status": "not ready", "database": "ok", "cache": "failed: Error"}')
    acting, words = stopped(rules(**{"/readyz": (READY, unready)}))
    assert "/readyz: 503, cache: failed: Error" in words
    assert f"v7 was put back, but {URL} is not right after 60 s: it says" in words
    assert acting.did("/releases {")


def test_good_answers_now_and_then_do_not_count():
    flicker = (site(OLD), site(NEW), site(OLD), site(NEW), site(NEW), site(OLD), site(NEW))
    assert len(go(rules(**{"/version": flicker})).did("/version")) == 1 + 8


def test_a_first_release_that_fails_has_nothing_to_put_back():
    script = rules() | {
        "GET https://api.example/apps/oc/releases": ([], [release(8)]),
        "/version": Answer(404, "no such app"),
    }
    acting, words = stopped(script)
    assert "There is no other release to put back" in words
    assert not acting.did("/releases {")


def test_a_putting_back_that_fails_hides_nothing():
    script = rules(**{"/version": site(OLD)})
    script["POST https://api.example/apps/oc/releases"] = Stop("the network is down")
    _, words = stopped(script)
    assert "it says commit 1111111111, not 2222222222" in words
    assert "Putting v7 back failed too: the network is down" in words


def test_a_release_of_config_vars_alone_is_not_put_back():
    config = release(7, current=True, eligible_for_rollback=False)
    script = rules(**{"/version": Answer(503, "Application error")})
    script["GET https://api.example/apps/oc/releases"] = ([config], [release(8), config])
    acting, words = stopped(script)
    assert "There is no other release to put back" in words
    assert not acting.did("/releases {")


def test_the_same_release_again_only_looks(capsys):
    script = rules() | {
        "GET https://api.example/apps/oc/releases": [release(7, current=True)],
        "/version": site(NEW),
    }
    assert not go(script).did("GET https://out")
    assert "v7 has these images already" in capsys.readouterr().out


def test_what_runs_is_not_blamed_for_a_later_release_that_failed(capsys):
    """With the images that it runs already, the platform makes no release."""
    script = rules() | {
        "GET https://api.example/apps/oc/releases": [
            release(8, status="failed"),
            release(7, current=True),
        ],
        "/version": site(NEW),
    }
    go(script)
    assert "v7 has these images already" in capsys.readouterr().out


def test_an_index_is_not_released():
    index = {"mediaType": "application/vnd.oci.image.index.v1+json", "manifests": []}
    acting, words = stopped(rules(**{"/web/manifests": index}))
    assert "image.index.v1+json, which Heroku can't run" in words
    assert not acting.did("PATCH")
