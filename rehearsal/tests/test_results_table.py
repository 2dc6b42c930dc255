"""The table has each proof: on the console, on a page and in a picture."""

import re
from xml.etree import ElementTree

import pytest

from rehearsal import results_table
from rehearsal.results_table import Proof

GOOD = Proof(
    "image", "a wrong password stops with a clear word", "'refused | <you>'\n exit 1", 4.2, True
)
LONG = Proof("release", "an image that won't boot is put back", "x" * 300 + " the end", 61.6, True)
BAD = Proof("sentry", "an error turns up", "not after 90 s", 90.0, False)


def test_the_console_has_a_line_a_proof_and_names_what_was_not_proven():
    told = results_table.console([GOOD, BAD]).splitlines()
    assert (
        told[0] == "ok   image   a wrong password stops with a clear word".ljust(91) + "     4 s"
    )
    assert told[1] == "             'refused | <you>' exit 1"
    assert told[2].startswith("FAIL sentry  an error turns up")
    assert told[-1] == "1 of 2 proven; not: an error turns up"
    assert all(len(line) <= 99 for line in results_table.console([LONG]).splitlines())


def test_the_page_is_one_table_whatever_the_evidence_has_in_it():
    page = results_table.markdown([GOOD, BAD], {"cores": "2"}, 30.4, 211.9)
    assert "1 of 2 proven; not: an error turns up; set up in 30 s, the whole in 212 s." in page
    assert "- cores: 2\n" in page
    assert "clear word | 'refused \\| &lt;you>' exit 1 | 4 |\n" in page
    assert "| **✘** | sentry |" in page


def test_the_picture_has_all_words_within_its_borders():
    drawing = ElementTree.fromstring(results_table.picture([GOOD, LONG, BAD], 30, 200))
    name = "{http://www.w3.org/2000/svg}"
    _, _, width, height = map(float, drawing.get("viewBox").split())
    texts = drawing.findall(f".//{name}text")
    told = " ".join(text.text for text in texts)
    for words in ("'refused | <you>' exit 1", "the end", "an error turns up", "2 of 3 proven"):
        assert words in told
    assert all(0 < float(text.get("y")) < height for text in texts)
    rows = [
        float(re.search(r" (\d+)H", line.get("d"))[1]) for line in drawing.findall(f"{name}path")
    ]
    assert len(rows) == 3 and rows == sorted(rows)
    # LONG needs five lines of evidence: the row after it makes room.
    assert rows[2] - rows[1] > rows[1] - rows[0]


@pytest.mark.parametrize("proofs", [[], [GOOD]])
def test_both_files_are_written(tmp_path, monkeypatch, proofs):
    monkeypatch.setattr(
        results_table, "docker", lambda *words: type("Done", (), {"stdout": "28.2\n"})
    )
    page, picture = results_table.write(tmp_path, proofs, 1, 2)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d+-cores-[a-z0-9-]+\.md", page.name)
    assert "- Docker: 28.2" in page.read_text()
    assert picture == tmp_path / "readme" / "rehearsal.svg"
    assert results_table.summary(proofs) in picture.read_text()
