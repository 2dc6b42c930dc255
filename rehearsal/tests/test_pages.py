"""The pipelines' pages show what the runner wrote, and nothing of it as HTML."""

import json
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest

from rehearsal.page_server import Pages, answer


def stage(name, state="success", requires=(), **more):
    plain = {"seconds": 3.2, "contexts": [], "services": [], "logs": [f"{name}-0.log"]}
    return {"name": name, "state": state, "requires": list(requires)} | plain | more


def write(folder, number, state="success", subject="Say who lets", stages=None):
    stages = stages or [
        stage("test", services=["cimg/postgres:16.10"], logs=["test-0.log", "test-1.log"]),
        stage("lint"),
        stage("image", requires=["lint", "test"], contexts=["docker-hub"]),
        stage("approve", "on_hold", ["image"], seconds=0, logs=[]),
    ]
    directory = folder / str(number)
    directory.mkdir()
    shown = {"number": number, "branch": "main", "commit": "c" * 40, "subject": subject}
    shown |= {"workflow": "delivery", "state": state, "began": "2026-11-21T13:05:09+00:00"}
    shown |= {"seconds": 84.0, "stages": stages}
    (directory / "pipeline.json").write_text(json.dumps(shown))
    (directory / "test-0.log").write_text("$ bin/test-part\n\x1b[32m<b>253 passed</b>\x1b[0m\n")
    (directory / "test-1.log").write_text("")
    (directory / "image-0.log").write_text("")
    return directory


def test_what_goes_on_has_its_logs_and_its_time_before_the_runner_writes_again(tmp_path):
    folder = write(tmp_path, 1, "running", stages=[stage("image", "running", logs=[], seconds=0)])
    (folder / "image-unpushed-0.log").write_text("of another stage")
    shown = json.loads((folder / "pipeline.json").read_text())
    shown["began"] = (datetime.now(UTC) - timedelta(seconds=75)).isoformat()
    (folder / "pipeline.json").write_text(json.dumps(shown))
    page = answer(tmp_path, "/1")
    assert page.count(".log") == 1 and '<a href="/1/image-0.log">log</a>' in page
    assert re.search(r"1 min [1-5]\d s", page)


def test_the_list_has_the_newest_first(tmp_path):
    assert "None yet" in answer(tmp_path, "/")
    write(tmp_path, 9, "failed")
    write(tmp_path, 10, "success", subject="Break <it>")
    page = answer(tmp_path, "/")
    assert page.index("#10 Break &lt;it&gt;") < page.index("#9 Say who lets")
    assert 'class="state failed"' in page and "1 min 24 s" in page and "cccccccccc<" in page
    assert "began 13:05:09" in page


def test_stages_stand_in_the_order_they_are_required_in(tmp_path):
    write(tmp_path, 1, "on_hold")
    page = answer(tmp_path, "/1")
    steps = page.split('<section class="step">')[1:]
    assert [step.count("<article") for step in steps] == [2, 1, 1]
    assert "secrets: docker-hub" in steps[1] and "beside it: cimg/postgres:16.10" in steps[0]
    assert '<a href="/1/test-1.log">log 1</a>' in steps[0]
    assert "waits for approval" in steps[2]


@pytest.mark.parametrize(
    ("state", "again"), [("running", True), ("on_hold", True), ("failed", False)]
)
def test_a_page_loads_itself_again_until_all_is_over(tmp_path, state, again):
    write(tmp_path, 1, state)
    assert ('http-equiv="refresh"' in answer(tmp_path, "/1")) == again


def test_a_log_is_text_without_a_terminals_colours(tmp_path):
    write(tmp_path, 1)
    page = answer(tmp_path, "/1/test-0.log")
    assert '<span class="command">$ bin/test-part</span>\n&lt;b&gt;253 passed&lt;/b&gt;' in page
    assert "\x1b" not in page


@pytest.mark.parametrize(
    "path", ["/2", "/1/absent.log", "/1/../../secret.log", "/1/pipeline.json", "/x", "/1/.log"]
)
def test_nothing_else_is_shown(tmp_path, path):
    (tmp_path / "secret.log").write_text("secret")
    (tmp_path / "pipelines").mkdir()
    write(tmp_path / "pipelines", 1)
    assert answer(tmp_path / "pipelines", path) is None


def test_it_is_served_with_its_style_and_can_run_nothing(tmp_path):
    write(tmp_path, 1)
    with Pages(tmp_path) as pages:
        port = int(pages.url.split(":")[2].strip("/"))
        for path, status, kind in (
            ("/", 200, "text/html"),
            ("/1?x", 200, "text/html"),
            ("/page.css", 200, "text/css"),
            ("/absent", 404, "text/html"),
        ):
            with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
                connection.request("GET", path)
                response = connection.getresponse()
                assert (response.status, response.getheader("Content-Type").split(";")[0]) == (
                    status,
                    kind,
                )
                assert "default-src 'none'" in response.getheader("Content-Security-Policy")
                assert response.read()
