"""The process that decodes a picture: what it is given, how it ends, and what becomes of that."""

import dataclasses
import io
import os
import subprocess
import sys
import threading
import time
from functools import cache

import psutil
import pytest
from PIL import Image

from core.files.images import child, process, decoder_lock
from core.files.images.refusals import Refusal
from core.files.images.decoder_lock import Busy

from . import bombs

JPEG = {"format": "JPEG"}
HOLD = """
import fcntl, sys, time
lock = open(sys.argv[1])
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@cache
def slow_picture():
    """Return one that takes seconds, and is within what may come."""
    return bombs.jpeg_of_scans(400, (7000, 7000))


def render(content=None, **bounds):
    """Render one file of a picture, in other bounds than those of a page."""
    content = content or bombs.plain("PNG")
    process.OF_PAGE = dataclasses.replace(process.OF_PAGE, **bounds)
    return process.render(io.BytesIO(content), bombs.SIZE, [((480, 320), JPEG)])


@pytest.fixture(autouse=True)
def _bounds(monkeypatch):
    monkeypatch.setattr(process, "OF_PAGE", process.OF_PAGE)


def test_files_come_back_whole_and_in_order():
    renditions = [((480, 320), JPEG), (bombs.SIZE, {"format": "PNG"}), ((960, 640), JPEG)]
    files = process.render(io.BytesIO(bombs.plain("WEBP")), bombs.SIZE, renditions)
    sizes = [Image.open(io.BytesIO(file)).size for file in files]
    assert sizes == [size for size, _options in renditions]


def test_no_renditions_are_no_files():
    assert process.render(io.BytesIO(bombs.plain("WEBP")), bombs.SIZE, []) == []


def refused(caplog, content, **bounds):
    """Check that a picture is refused as too costly, with one line of log and no traceback."""
    with pytest.raises(Refusal) as caught:
        render(content, **bounds)
    assert caught.value.kind == "costly"
    assert [each.exc_info for each in caplog.records] in ([], [None])
    return caplog.text


def test_an_hour_of_a_processor_is_not_there(caplog):
    assert "SIGXCPU" in refused(caplog, slow_picture(), cpu_seconds=1, seconds=60)


def test_an_hour_by_the_clock_is_not_there(caplog):
    assert "SIGALRM" in refused(caplog, slow_picture(), seconds=0.3)


def test_one_whose_own_clock_is_stopped_is_killed(caplog, monkeypatch):
    stopped = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"
    monkeypatch.setattr(process, "START", stopped)
    assert "SIGKILL" in refused(caplog, None, seconds=-1.5)


@pytest.mark.skipif(sys.platform != "linux", reason="macOS bounds no address space")
def test_memory_is_bounded(caplog, monkeypatch):
    monkeypatch.setattr(process, "MEGABYTES", 100)
    refused(caplog, bombs.plain("PNG", size=(5000, 4000)))


def test_one_that_is_killed_is_a_picture_refused(caplog):
    """As the kernel does when a machine has no memory left."""

    def kill():
        while not (found := psutil.Process().children()):
            time.sleep(0.01)
        for each in found:
            each.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    assert "SIGKILL" in refused(caplog, slow_picture())
    killer.join()


def test_a_decoder_that_does_not_start_is_no_fault_of_the_picture(caplog, monkeypatch):
    monkeypatch.setattr(process, "START", "import nothing_of_that_name")
    with pytest.raises(Busy):
        render()
    assert [each.levelname for each in caplog.records] == ["ERROR"]
    assert "nothing_of_that_name" in caplog.text


def test_a_machine_that_has_no_room_for_a_process(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Busy):
        render()


def test_what_a_library_prints_is_no_part_of_the_answer(monkeypatch):
    printing = "m = child.make; child.make = lambda *a: (os.system('echo noise'), m(*a))[1]"
    start = process.START.replace("child.main()", f"import os; {printing}; child.main()")
    monkeypatch.setattr(process, "START", start)
    assert render()


def test_it_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hidden")
    monkeypatch.setenv("DATABASE_URL", "postgres://lettings:hidden@db/lettings")
    assert "hidden" not in str(process.environment())
    assert process.command({})[1] == "-I"


def test_it_needs_no_django():
    code = "import sys; from core.files.images import child; print('django' in sys.modules)"
    assert _python(code) == "False"


def test_the_site_needs_no_pillow():
    """Which would be some megabytes more in each web process, and one more way to decode there."""
    code = "import sys, oc_lettings_site.wsgi; print('PIL' in sys.modules)"
    environ = os.environ | {"ENVIRONMENT": "test", "DATABASE_URL": "sqlite://:memory:"}
    assert _python(code, environ) == "False"


def _python(code, environ=None):
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_what_a_decoder_raises_is_a_picture_that_can_not_be_read(monkeypatch, capfd):
    def cut(*args):
        raise ZeroDivisionError("by a width of nothing")

    monkeypatch.setattr(child.cropping, "cut", cut)
    with pytest.raises(Refusal) as caught:
        child.make(b"", [480, 320], [])
    assert caught.value.kind == "unreadable"
    assert "ZeroDivisionError" in capfd.readouterr().err


# One at a time


def test_the_turn_of_a_process_that_dies_is_free():
    command = [sys.executable, "-c", HOLD, str(decoder_lock.LOCK)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        with pytest.raises(Busy):
            render(patience=0.1)
        holder.kill()
    assert render(patience=0)


def test_a_picture_waits_for_the_one_before():
    command = [sys.executable, "-c", HOLD.replace("60", "0.5"), str(decoder_lock.LOCK)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        assert render(patience=20)


def test_a_child_holds_the_turn_though_its_parent_is_gone():
    with decoder_lock.turn(0, 0) as lock:
        code = "import sys, time; print('here', flush=True); time.sleep(60)"
        child = subprocess.Popen(
            [sys.executable, "-c", code], pass_fds=[lock], stdout=subprocess.PIPE
        )
        with child:
            child.stdout.readline()
            os.close(os.dup(lock))
            with pytest.raises(Busy), decoder_lock.turn(0, 0):
                pass
            child.kill()


def test_half_of_the_threads_go_on_serving(monkeypatch):
    monkeypatch.setattr(decoder_lock, "_places", threading.BoundedSemaphore(1))
    with decoder_lock.place(), pytest.raises(Busy):
        render()
    assert render()
