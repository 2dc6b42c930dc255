"""Releases that go wrong on staging, for reasons that no test could see: the old one serves on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from ..load import Load
from ..world import PRODUCTION, STAGING, World
from .proof import Disproved, expect, proof, short
from .pushes import pipeline_words, wait_until_over

# The tests and the image's check have neither PostgreSQL's data nor a dyno.
BAD_MIGRATION = '''"""Fails on PostgreSQL alone."""

from django.db import migrations


def divide(apps, schema_editor):
    """Do what the check of the image, on SQLite, never meets."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SELECT 1 / 0")


class Migration(migrations.Migration):
    dependencies = [("profiles", "NEWEST")]
    operations = [migrations.RunPython(divide, migrations.RunPython.noop)]
'''
NO_BOOT = """+

import os  # noqa: E402

if os.environ.get("DYNO", "").startswith("web"):
    raise SystemExit("PAYMENT_URL is not set")
"""
LIE = """+

import os  # noqa: E402

if os.environ.get("DYNO", "").startswith("web"):
    RELEASE = "0" * 40
"""


def next_migration(world: World, name: str, text: str) -> dict[str, str]:
    """Return a file of profiles' migrations that comes after the NEWEST one, and its text."""
    newest = max((world.remote.clone / "profiles/migrations").glob("[0-9]*.py")).stem
    path = f"profiles/migrations/{int(newest[:4]) + 1:04}_{name}.py"
    return {path: text.replace("NEWEST", newest)}


def bad_release(world: World, message: str, files: dict[str, str], cause: str, words: str) -> str:
    """Push a commit whose release must fail on staging for a cause; give the log's line of words.

    Lint and tests count as passed: the fault is one that they can't see.
    """
    world.remote.commit(message, files)
    with Load(world.urls[STAGING]) as load:
        pipeline = world.pipelines.push("main", passed=("lint", "test"))
        wait_until_over(pipeline, 600)
    expect(pipeline.states["release-staging"] == "failed", pipeline_words(pipeline))
    log = pipeline.log("release-staging")
    line = next((line.strip() for line in log.splitlines() if words in line), "")
    expect(cause in log and bool(line), f"'{cause}', '{words}' are not in:\n{log[-3000:]}")
    expect(world.live(STAGING) == world.good, f"staging runs {world.live(STAGING)}")
    expect(pipeline.states["approve-production"] == "not_run", pipeline_words(pipeline))
    expect(not load.seen.failed, f"{load.seen}\n{log[-2000:]}")
    return f"'{line}'; staging runs {short(world.good)}, {load.seen.asked} requests, 0 failed"


@proof("release", "a failing migration keeps the old release serving")
def failing_migration(world: World) -> str:
    """Release a migration that fails on PostgreSQL."""
    return bad_release(
        world,
        "Divide by zero",
        next_migration(world, "divide", BAD_MIGRATION),
        "division by zero",
        "was not touched: it serves",
    )


@proof("release", "an image that won't boot is put back")
def no_boot(world: World) -> str:
    """Release an image that ends at once on a dyno."""
    files = {"oc_lettings_site/settings.py": NO_BOOT}
    return bad_release(world, "Want a variable", files, "web.1 crashed", "was put back")


@proof("release", "an app that reports another commit is put back")
def wrong_commit(world: World) -> str:
    """Release an image that names a commit which nobody released."""
    files = {"oc_lettings_site/settings.py": LIE}
    return bad_release(world, "Tell a lie", files, "which nobody released", "was put back")


@proof("rollback", "goes back to the older commit")
def rollback(world: World) -> str:
    """Roll production back by the verb, under load."""
    with Load(world.urls[PRODUCTION]) as load:
        said = world.verb("rollback", PRODUCTION)
    expect(world.live(PRODUCTION) == world.first, said)
    expect(not load.seen.failed, str(load.seen))
    line = next((line for line in said.splitlines() if "going back to" in line), said)
    return f"'{line}'; runs {short(world.first)}, {load.seen.asked} requests, 0 failed"


TASKS = 80
WRITE_MAIL = """
import time
from django.core.mail import send_mail
for number in range({tasks}):
    send_mail(f"{subject} {{number}}", "", None, ["guest@rehearsal.example"])
    time.sleep(0.5)
"""
PATIENCE = 120.0  # seconds; a mail that its worker let go of is due again within a minute


@proof("worker", "a release loses no task, and none is done twice")
def no_task_lost(world: World) -> str:
    """Release production anew while mail is handed over to its workers; count what arrives."""
    subject = f"Task of {short(world.good)}"
    script = WRITE_MAIL.format(tasks=TASKS, subject=subject)
    stopped = workers_stopped(world)
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(world.manage, PRODUCTION, "shell", "--command", script)
        world.verb("release", "heroku", PRODUCTION)
        writing.result()
    expect(world.live(PRODUCTION) == world.good, "production is not on the commit again")
    end = time.monotonic() + PATIENCE
    while (arrived := world.mailbox.arrived(subject)).total() < TASKS and time.monotonic() < end:
        time.sleep(0.2)
    time.sleep(1)  # for a double
    arrived = world.mailbox.arrived(subject)
    expect(len(arrived) == TASKS, f"{TASKS - len(arrived)} of {TASKS} did not arrive")
    twice = [each for each, number in arrived.items() if number > 1]
    expect(not twice, f"arrived more than once: {twice}")
    expect(workers_stopped(world) > stopped, "no worker was stopped meanwhile")
    return f"{TASKS} mails, written at two a second while the workers were replaced: each once"


def workers_stopped(world: World) -> int:
    """Count how often a worker of production was asked to stop, as far as its log goes back."""
    lines = world.heroku.store.app(PRODUCTION).log.lines("worker", "heroku")
    return sum("SIGTERM" in line for line in lines)


@proof("rollback", "is refused where the older code can't run on the newer schema")
def rollback_refused(world: World) -> str:
    """Release a column that older code can't fill on staging, and try to go back."""
    model = (world.remote.clone / "profiles/models.py").read_text()
    field = "    nights = models.IntegerField(default=0)\n\n    def __str__"
    commit = world.remote.commit(
        "Count the nights",
        {
            "profiles/models.py": model.replace("\n    def __str__", field, 1),
            **next_migration(world, "nights", COLUMN),
        },
    )
    pipeline = world.pipelines.push("main", passed=("lint", "test"))
    pipeline.wait(lambda s: s["approve-production"] == "on_hold", 600)
    live = world.live(STAGING)
    pipeline.cancel()
    if live != commit:
        raise Disproved(pipeline_words(pipeline))
    said = world.verb("rollback", STAGING, good=False)
    expect(world.live(STAGING) == commit, "it went back all the same")
    line = next((line for line in said.splitlines() if "can't run on the schema" in line), "")
    expect(bool(line), said)
    return f"'{line.strip()}'; staging runs {short(commit)}"


COLUMN = '''"""A column that only newer code fills."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("profiles", "NEWEST")]
    operations = [
        migrations.AddField("profile", "nights", models.IntegerField(default=0)),
    ]
'''
