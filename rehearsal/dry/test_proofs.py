"""Every proof is carried out, and one that fails is told as failed while the others go on."""

from types import SimpleNamespace

import pytest

from rehearsal import main
from rehearsal.proofs import pushes, releases, running
from rehearsal.proofs.proof import Disproved, expect, proof


def test_every_proof_has_its_turn_once():
    there = {
        body
        for module in (pushes, releases, running)
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
def holds(world):
    return "seen"


@proof("lint", "another does not")
def fails(world):
    raise Disproved("staging runs another commit")


@pytest.mark.parametrize(
    ("body", "ok", "evidence"),
    [(holds, True, "seen"), (fails, False, "staging runs another commit")],
)
def test_a_proof_tells_what_it_saw_and_leaves_the_clone_as_it_was(body, ok, evidence, capsys):
    world = SimpleNamespace(remote=Remote(), good="c" * 40)
    row = main.prove(world, body, began=0)
    assert (row.ok, row.evidence, row.stage) == (ok, evidence, "lint")
    assert world.remote.at == "c" * 40
    assert ("  ok [" in capsys.readouterr().out) == ok


def test_what_speaks_against_a_proof_is_its_evidence():
    expect(True, "nothing")
    with pytest.raises(Disproved, match="3 of 7 failed"):
        expect(False, "3 of 7 failed")
