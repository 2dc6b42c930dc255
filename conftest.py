"""How the tests are spread over processes, on which day, and what they see of the machine."""

import hashlib
import json
import os

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from oc_lettings_site import platforms
from tools.clock.moved import MovedClock

# A CI may run on Kubernetes; the servers that tests start are for the tests, not for the public.
for mark in platforms.VARIABLES:
    os.environ.pop(mark, None)

# Here, before a module of tests is imported: its constants may be days.
MOVED_CLOCK = MovedClock(os.environ["TEST_MOMENT"]) if os.environ.get("TEST_MOMENT") else None


def pytest_configure(config):
    if MOVED_CLOCK:
        config.pluginmanager.register(MOVED_CLOCK)


# Those that take longest come first: xdist begins with the scopes of most tests, and one that took
# its time at the end would leave the other processors idle. Each stays together, in one process.
LONGEST = (
    # Each file reads the same few databases, which take seconds to bring up to this code.
    "oc_lettings_site/tests/old/",
    # Both serve the same tree, which takes seconds to prepare.
    "tools/hostile/tests/",
    "oc_lettings_site/tests/test_api_contract.py",
    "oc_lettings_site/tests/test_greedy_clients.py",
)


class Scheduling(LoadScopeScheduling):
    """xdist's ``loadscope``, but that what takes longest comes first, and together."""

    def _split_scope(self, nodeid: str) -> str:
        together = next(filter(nodeid.startswith, LONGEST), None)
        return together or super()._split_scope(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        for scope in reversed(LONGEST) if self.config.option.loadscopereorder else ():
            if scope in self.workqueue:
                self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


# Coverage.py makes a child Python start a tenth of a second later, and the site in one a third. So
# only the children of these tests are measured, which run what nothing else does; where branches
# are measured, all are.
CHILDREN_MEASURED = (
    "core/files/images/tests/",
    "core/tests/test_release_phase.py",
    "oc_lettings_site/tests/test_greedy_clients.py",
    "oc_lettings_site/tests/test_process.py",
    "rehearsal/accounts/tests/",
)


@pytest.fixture(scope="module", autouse=True)
def children_measured(request):
    with pytest.MonkeyPatch.context() as patch:
        if os.environ.get("COVERAGE_BRANCH") != "true":
            if not request.node.nodeid.startswith(CHILDREN_MEASURED):
                # https://coverage.readthedocs.io/en/latest/subprocess.html
                patch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def turn_of_its_own(tmp_path_factory):
    """Let each process of the tests decode its pictures without waiting for the others."""
    from core.files.images import decoder_lock

    decoder_lock.LOCK = tmp_path_factory.mktemp("turns") / "lock"
    decoder_lock.LOCK.touch()


@pytest.fixture(scope="session", autouse=True)
def pictures_decoded_once():
    """Start no second decoder for the same picture, sizes and bounds; yield what starts one.

    A decoder knows nothing else, so its answer would be the same. core/files/images/tests start
    one each time.
    """
    from core.files.images import process

    start, answers = process._run, {}

    def answer(order, content, lock):
        key = json.dumps(order), hashlib.sha256(content).digest()
        found = answers.get(key) or start(order, content, lock)
        if found[2] == 0:
            answers[key] = found
        return found

    process._run = answer
    yield start
    process._run = start


@pytest.fixture(autouse=True)
def no_requests_counted():
    """Let no test use up the rate limits of another: a process has one cache for all."""
    from django.core.cache import caches

    caches["shared"].clear()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Take ours where ``loadscope`` is asked for: https://pytest-xdist.readthedocs.io/"""
    return Scheduling(config, log) if config.getvalue("dist") == "loadscope" else None
