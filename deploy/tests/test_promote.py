"""bin/promote: the same images, moved by the registry, verified like a release."""

import pytest

from deploy.commands import Copy
from deploy.cli import Stop
from deploy.heroku.platform import Heroku
from deploy.heroku.promote import promote
from deploy.image.commands import PROCESSES
from deploy.runner import Answer

from .scripted_runner import NEW, OLD, Scripted, image, release, site

API, REGISTRY = "https://api.example", "registry.example"
HEROKU = Heroku(api=API, registry=REGISTRY)


def manifest(letter):
    return {"mediaType": "schema2", "config": {"digest": f"sha256:{letter * 64}"}}


def rules(**changes):
    base = {
        "POST https://api.example/apps/oc-p/releases": release(5),
        "apps/oc-p/releases/id-5": release(5),
        "look at registry.example/oc-s/web": image("a"),
        "look at registry.example/oc-s/worker": image("c"),
        "look at registry.example/oc-s/beat": image("d"),
        "look at registry.example/oc-s/release": image("b"),
        "oc-p/web/manifests": manifest("a"),
        "oc-p/worker/manifests": manifest("c"),
        "oc-p/beat/manifests": manifest("d"),
        "oc-p/release/manifests": manifest("b"),
        "apps/oc-p/releases/id-4": release(4),
        "GET https://api.example/apps/oc-p/releases": (
            [release(3, current=True)],
            [release(4)],
        ),
        "apps/oc-p/dynos": [],
        "/features/preboot": {"enabled": False},
        "apps/oc-s": {"web_url": "https://s.example/"},
        "GET https://api.example/apps/oc-p": {"web_url": "https://p.example/"},
        "s.example/version": site(NEW),
        "p.example/version": (site(OLD, "production"), site(NEW, "production")),
        "/readyz": {"status": "ready"},
    }
    return changes | {key: value for key, value in base.items() if key not in changes}


def go(script, approved=""):
    acting = Scripted(script)
    promote(acting, HEROKU, "oc-s", "oc-p", approved, 60)
    return acting


def stopped(script, approved=""):
    acting = Scripted(script)
    with pytest.raises(Stop) as stop:
        promote(acting, HEROKU, "oc-s", "oc-p", approved, 60)
    return acting, str(stop.value)


def test_the_images_go_from_one_repository_to_the_other_and_nothing_is_built():
    acting = go(rules())
    sources = {
        process: f"{REGISTRY}/oc-s/{process}@{image(letter).digest}"
        for process, letter in zip(PROCESSES, "acdb", strict=True)
    }
    copies = [order for order in acting.orders if isinstance(order, Copy)]
    assert [(order.source, order.target) for order in copies] == [
        (source, f"{REGISTRY}/oc-p/{process}") for process, source in sources.items()
    ]
    # Within one registry not a layer is sent.
    assert [order.beside for order in copies] == list(sources.values())
    assert not acting.did("docker ")
    updates = ", ".join(
        f'{{"type": "{process}", "docker_image": "sha256:{letter * 64}"}}'
        for process, letter in zip(PROCESSES, "acdb", strict=True)
    )
    assert acting.did("PATCH") == [f'PATCH {API}/apps/oc-p/formation {{"updates": [{updates}]}}']


def test_a_staging_that_is_not_ready_is_not_promoted():
    unready = Answer(503, '{"status": "not ready", "database": "failed: OperationalError"}')
    acting, words = stopped(rules(**{"/readyz": unready}))
    assert "oc-s is not fit to be promoted: /readyz: 503, database: failed" in words
    assert not acting.did("copy")


def test_what_was_approved_and_is_on_staging_is_promoted():
    acting = go(rules(**{"git rev-parse": NEW + "\n"}), approved="v1.2")
    assert acting.did("git") == ["git rev-parse --verify 'v1.2^{commit}'"]
    assert acting.did("PATCH")


def test_a_commit_that_came_to_staging_after_the_approval_is_not_promoted():
    acting, words = stopped(rules(**{"git rev-parse": OLD + "\n"}), approved=OLD)
    assert "oc-s runs 2222222222 by now, not 1111111111, which was approved." in words
    assert "Approve the pipeline of 2222222222 instead" in words
    assert not acting.did("copy") and not acting.did("PATCH")


def test_an_image_pushed_to_staging_but_not_live_there_is_not_promoted():
    acting, words = stopped(rules(**{"look at": image("a", OLD)}))
    assert f"built from {OLD}, not from {NEW}" in words
    assert "bin/release heroku oc-s --commit 2222222222" in words
    assert not acting.did("copy") and not acting.did("PATCH")


def test_an_image_that_changes_on_the_way_is_not_released():
    acting, words = stopped(rules(**{"oc-p/web/manifests": manifest("c")}))
    assert "somebody pushed in between" in words
    assert not acting.did("PATCH")


def test_a_production_that_does_not_come_up_is_put_back():
    acting, words = stopped(rules(**{"p.example/version": site(OLD, "production")}))
    assert "https://p.example is not right after 60 s" in words
    assert "v3 was put back: the site runs 1111111111." in words
    assert acting.did("/releases {") == [f'POST {API}/apps/oc-p/releases {{"release": "id-3"}}']
