"""Which tests bin/test --changed runs."""

import grimp
import pytest

from tools import touched_tests


@pytest.fixture(scope="module")
def imports():
    return grimp.build_graph(*touched_tests.packages(), cache_dir=None)


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        # a test itself; what tests import; what a view of theirs imports
        ("core/tests/test_env.py", "core/tests/test_env.py"),
        ("core/env.py", "core/tests/test_env.py"),
        ("lettings/browsing/feed.py", "lettings/tests/test_feed.py"),
        # no test imports these: the app's own tests are run
        ("lettings/templates/lettings/index.html", "lettings/tests/test_index.py"),
        ("lettings/hosting/edit.py", "lettings/tests/test_edit.py"),
        ("enquiries/locale/fr/LC_MESSAGES/django.po", "enquiries/tests/test_new.py"),
    ],
)
def test_what_a_change_touches(imports, changed, first):
    assert first in touched_tests.touched([changed], imports)


def test_the_nearest_come_first(imports):
    changed = ["docs/image.md", "lettings/templates/lettings/index.html", "core/env.py"]
    found = touched_tests.touched(changed, imports)
    assert found.index("core/tests/test_env.py") < found.index("lettings/tests/test_index.py")


def test_no_change_touches_nothing(imports):
    assert touched_tests.touched([], imports) == []
    assert touched_tests.touched(["CHANGELOG.md"], imports) == []
