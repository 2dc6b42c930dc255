"""The image's processes start, migrate and stop as the platform asks."""

from .containers import SITE, container, docker, run, state, wait_until_healthy

STOPPED_WHILE_IT_WAITS = """
bin/release-phase >/tmp/said &
for _ in {1..200}; do grep -q "is at work" /tmp/said && break; sleep 0.1; done
kill $!; wait $!; echo "ended $?"; cat /tmp/said
"""


def test_it_listens_where_the_platform_says_and_stops_when_asked(web):
    with container(web, **SITE, PORT="5123") as identity:
        wait_until_healthy(identity)
        reach = "import socket; socket.create_connection(('127.0.0.1', 5123))"
        docker("exec", identity, "python", "-c", reach)
        docker("stop", "--time", "20", identity)
        assert state(identity)["ExitCode"] == 0


def test_a_release_stops_when_asked(release):
    # It waits for a lock that a second process of the same container holds.
    with container(release, "sleep", "60", **SITE) as identity:
        hold = "import fcntl,time; f=open('/tmp/db.sqlite3-release','w'); fcntl.flock(f,2)"
        docker("exec", "--detach", identity, "python", "-c", f"{hold}; time.sleep(60)")
        done = docker("exec", identity, "bash", "-c", STOPPED_WHILE_IT_WAITS)
    assert "another release is at work" in done.stdout
    assert "ended 143" in done.stdout


def test_without_settings_it_names_them_and_ends(web, release):
    for image in (web, release):
        done = run(image)
        assert done.returncode != 0
        for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
            assert f"{name}: not set" in done.stdout + done.stderr


def test_the_release_image_migrates(release):
    done = run(release, **SITE)
    assert done.returncode == 0, done.stderr
    assert "] done" in done.stdout
