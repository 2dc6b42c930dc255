"""The server's processes stay light while pictures come in, by a real gunicorn."""

import sys

import pytest

from tools.hostile.attacks import pictures
from tools.hostile.production import Production
from tools.hostile.site import Site
from tools.hostile.tally import Tally


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is shared")
def test_pictures_do_not_fatten_the_server(tmp_path, prepared):
    """Without a worker, so that the sizes are made behind its pages too."""
    folder, tally = tmp_path / "site", Tally()
    production = Production(folder, DATABASE_URL=f"sqlite:///{folder}/db.sqlite3")
    production.prepare()
    with production.serving() as process:
        site = Site(production, process, tally)
        doors = pictures.doors_of(site)
        with pictures.weighed(site):
            pictures.send_largest(doors)
    assert tally.requests == 12
    assert not tally.failures, tally.examples
