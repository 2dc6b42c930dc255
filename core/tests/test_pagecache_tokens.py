"""The token of the generation: in memory, in a file or in Redis, and when that is out of reach."""

import os
import socket
import subprocess
import sys
import time
import uuid
from unittest import mock

import pytest
import redis
from django.conf import settings
from django.db import connection

from core.pagecache import invalidation
from core.pagecache.redis_token import RedisToken
from core.pagecache.invalidation import FileToken, NoToken, first_usable

IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from core.pagecache.invalidation import FileToken
FileToken(Path(sys.argv[1])).change()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "generation"


class TestFile:
    def test_it_changes_when_told_and_only_then(self, path):
        token = FileToken(path)
        first = token.read()
        assert first == token.read() and len(first) == 8
        token.change()
        assert token.read() != first

    def test_all_processes_see_the_same(self, path):
        token = FileToken(path)
        first = token.read()
        assert FileToken(path).read() == first
        command = [sys.executable, "-c", IN_ANOTHER_PROCESS, path]
        subprocess.run(command, check=True, cwd=settings.BASE_DIR)
        assert token.read() != first

    def test_it_outlives_the_process(self, path):
        first = FileToken(path).read()
        assert FileToken(path).read() == first

    def test_it_is_followed_when_it_was_deleted_and_made_anew(self, path):
        token = FileToken(path)
        token.LOOK_AGAIN = token._look_again_at = 0
        path.unlink()
        another = FileToken(path)
        assert token.read() == another.read()
        path.unlink()
        assert token.read() is not None
        token.change()
        assert token.read() == FileToken(path).read()

    def test_nothing_is_kept_while_it_can_not_be_made_again(self, path, caplog):
        token = FileToken(path)
        path.unlink()
        token._look_again_at = 0
        with mock.patch.object(FileToken, "_map", side_effect=PermissionError("no")):
            assert token.read() is None
            token.change()
        assert "The page cache is off" in caplog.text
        token._look_again_at = 0
        assert token.read() == FileToken(path).read()

    def test_a_link_in_its_place_is_refused(self, path, tmp_path):
        (tmp_path / "elsewhere").write_bytes(b"")
        path.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OSError):
            FileToken(path)

    def test_a_folder_of_someone_else_is_refused(self, path):
        found = mock.Mock(st_uid=os.getuid() + 1, st_mode=0o40777)
        with mock.patch("pathlib.Path.stat", return_value=found):
            with pytest.raises(PermissionError):
                FileToken(path)

    def test_a_folder_that_someone_else_put_where_anyone_may(self, path):
        folder = mock.Mock(st_uid=os.getuid() + 1, st_mode=0o40755)
        temporary = mock.Mock(st_uid=0, st_mode=0o41777)

        def stat(asked, **options):
            return temporary if asked == path.parent.parent else folder

        with mock.patch("pathlib.Path.stat", autospec=True, side_effect=stat):
            with pytest.raises(PermissionError, match="another one's"):
                FileToken(path)

    def test_the_first_place_that_can_be_written(self, path, tmp_path, caplog):
        in_a_file = path / "x" / "generation"
        assert first_usable([in_a_file, path]).path == path
        nothing = first_usable([in_a_file])
        assert isinstance(nothing, NoToken)
        assert "The page cache is off" in caplog.text
        nothing.change()
        assert nothing.read() is None


class TestWhichOne:
    @pytest.fixture(autouse=True)
    def fresh(self):
        invalidation._token.cache_clear()
        yield
        invalidation._token.cache_clear()

    @pytest.fixture
    def database(self):
        def use(vendor, **values):
            connected = mock.Mock(vendor=vendor, settings_dict={"HOST": "h", "PORT": 1, **values})
            connected.is_in_memory_db.return_value = False
            return mock.patch.object(invalidation, "connection", connected)

        return use

    def test_beside_a_sqlite_database(self, tmp_path, database):
        with database("sqlite", NAME=tmp_path / "db.sqlite3"):
            assert invalidation.generation()
        assert (tmp_path / "db.sqlite3-generation").stat().st_size == 8

    def test_one_file_for_each_other_database(self, tmp_path, database, settings):
        settings.BASE_DIR = tmp_path
        with database("postgresql", NAME="a"):
            first = invalidation.generation()
        invalidation._token.cache_clear()
        with database("postgresql", NAME="b"):
            assert invalidation.generation() != first
        assert len(list((tmp_path / "var").iterdir())) == 2

    def test_a_private_folder_where_the_code_can_not_be_written(
        self, tmp_path, database, settings
    ):
        settings.BASE_DIR = tmp_path / "read-only"
        with database("postgresql", NAME="a"):
            with mock.patch("tempfile.gettempdir", return_value=str(tmp_path)):
                assert invalidation.generation()
        (folder,) = tmp_path.iterdir()
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_redis_when_there_is_one(self, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        token = invalidation._token()
        assert isinstance(token, RedisToken)
        assert str(connection.settings_dict["NAME"]) in token.key


class FakeRedis:
    """Enough of a server to do without one; down when told to be."""

    def __init__(self):
        self.values, self.down, self.asked = {}, False, 0

    def _answer(self):
        self.asked += 1
        if self.down:
            raise redis.ConnectionError("down")

    def get(self, key):
        self._answer()
        return self.values.get(key)

    def set(self, key, value, nx=False):
        self._answer()
        if not (nx and key in self.values):
            self.values[key] = value


class TestRedis:
    @pytest.fixture
    def machines(self):
        """Two machines that share a Redis."""
        server = FakeRedis()
        tokens = [RedisToken("redis://127.0.0.1:1/0", "key") for _ in range(2)]
        for token in tokens:
            token._redis = server
        return server, *tokens

    def test_another_machine_sees_a_change_at_once(self, machines):
        _, here, there = machines
        first = there.read()
        assert first == here.read()
        here.change()
        assert there.read() == here.read() != first

    def test_a_key_that_was_evicted_is_a_change(self, machines):
        server, here, there = machines
        first = here.read()
        server.values.clear()
        assert there.read() == here.read() != first

    def test_a_redis_that_is_down_is_asked_once_and_then_left_alone(self, machines, caplog):
        server, here, _ = machines
        server.down, server.asked = True, 0
        assert [here.read() for _ in range(5)] == [None] * 5
        here.change()
        assert server.asked == 1
        assert "Redis doesn't answer" in caplog.text

    def test_it_is_asked_again_after_a_rest(self, machines):
        server, here, _ = machines
        server.down = True
        here.read()
        server.down = False
        here._breaker.close()
        assert here.read()

    def test_a_change_it_did_not_hear_of_is_told_as_soon_as_it_is_back(self, machines):
        server, here, there = machines
        first = there.read()
        server.down = True
        here.change()
        here.change()
        server.down = False
        assert there.read() == first
        here._breaker.close()
        here.read()
        assert there.read() != first

    def test_a_change_never_raises(self, machines):
        server, here, _ = machines
        server.down = True
        here.change()
        assert here._untold

    def test_one_that_is_silent_costs_one_request_a_moment(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            token = RedisToken(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", "key")
            began = time.monotonic()
            assert [token.read() for _ in range(50)] == [None] * 50
            assert time.monotonic() - began < 3


@pytest.mark.skipif(not os.environ.get("TEST_REDIS_URL"), reason="set TEST_REDIS_URL to a Redis")
def test_with_a_real_redis():
    key = uuid.uuid4().hex
    here, there = (RedisToken(os.environ["TEST_REDIS_URL"], key) for _ in range(2))
    first = here.read()
    assert len(first) == 8 and there.read() == first
    there.change()
    assert here.read() != first
    here._redis.delete(key)
