"""All proofs run, also after one that fails, and that one is reported."""

from types import SimpleNamespace

import pytest

from rehearsal import main
from rehearsal.proofs import caches, pushes, registry, releases, running
from rehearsal.proofs.proof import Disproved, expect, proof


def test_every_proof_has_its_turn_once():
    there = {
        body
        for module in (caches, pushes, registry, releases, running)
        for body in vars(module).values()
        if hasattr(body, "proven")
    }
    assert set(main.ORDER) == there
    assert len(main.ORDER) == len(there)
    assert len({body.proven for body in there}) == len(there)


class Remote:
    def __init__(self):
        self.at = ""

    def go_to(self, commit):
        self.at = commit


@proof("lint", "a thing holds")
def holds(environment):
    return "seen"


@proof("lint", "another does not")
def fails(environment):
    raise Disproved("staging runs another commit")


@pytest.mark.parametrize(
    ("body", "ok", "evidence"),
    [(holds, True, "seen"), (fails, False, "staging runs another commit")],
)
def test_a_proof_tells_what_it_saw_and_leaves_the_clone_as_it_was(body, ok, evidence, capsys):
    environment = SimpleNamespace(remote=Remote(), good="c" * 40)
    row = main.prove(environment, body, began=0)
    assert (row.ok, row.evidence, row.stage) == (ok, evidence, "lint")
    assert environment.remote.at == "c" * 40
    assert ("  ok [" in capsys.readouterr().out) == ok


def test_what_speaks_against_a_proof_is_its_evidence():
    expect(True, "nothing")
    with pytest.raises(Disproved, match="3 of 7 failed"):
        expect(False, "3 of 7 failed")


def test_what_a_killed_rehearsal_left_is_named_with_what_to_type(monkeypatch, capsys):
    listed = SimpleNamespace(stdout="1a2b\n1a2b\n1a2b-jobs\n")
    monkeypatch.setattr("deploy.image.docker.docker", lambda *words, **options: listed)
    main.warn_of_others()
    said = capsys.readouterr().out
    assert said.count("docker rm -fv $(docker ps -aq --filter label=oc-rehearsal=1a2b)") == 1
    assert "label=oc-rehearsal=1a2b-jobs)" in said
