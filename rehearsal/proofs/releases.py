"""Releases that fail on staging, for reasons that no test can see; the old one still serves."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from ..steady_load import Load
from ..environment import PRODUCTION, STAGING, Environment
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


def next_migration(environment: Environment, name: str, text: str) -> dict[str, str]:
    """Return a file of profiles' migrations that comes after the NEWEST one, and its text."""
    newest = max((environment.remote.clone / "profiles/migrations").glob("[0-9]*.py")).stem
    path = f"profiles/migrations/{int(newest[:4]) + 1:04}_{name}.py"
    return {path: text.replace("NEWEST", newest)}


def bad_release(
    environment: Environment, message: str, files: dict[str, str], cause: str, words: str
) -> str:
    """Push a commit whose release must fail on staging; return the log's line with the words.

    Lint and tests count as passed: the fault is one that they can't see.
    """
    environment.remote.commit(message, files)
    with Load(environment.urls[STAGING]) as load:
        pipeline = environment.pipelines.push("main", passed=("lint", "test"))
        wait_until_over(pipeline, 600)
    expect(pipeline.states["release-staging"] == "failed", pipeline_words(pipeline))
    log = pipeline.log("release-staging")
    line = next((line.strip() for line in log.splitlines() if words in line), "")
    expect(cause in log and bool(line), f"'{cause}', '{words}' are not in:\n{log[-3000:]}")
    expect(
        environment.live(STAGING) == environment.good, f"staging runs {environment.live(STAGING)}"
    )
    expect(pipeline.states["approve-production"] == "not_run", pipeline_words(pipeline))
    expect(not load.seen.failed, f"{load.seen}\n{log[-2000:]}")
    return (
        f"'{line}'; staging runs {short(environment.good)}, {load.seen.asked} requests, 0 failed"
    )


@proof("release", "a failing migration keeps the old release serving")
def failing_migration(environment: Environment) -> str:
    """Release a migration that fails on PostgreSQL."""
    return bad_release(
        environment,
        "Divide by zero",
        next_migration(environment, "divide", BAD_MIGRATION),
        "division by zero",
        "was not touched: it serves",
    )


@proof("release", "an image that won't boot is put back")
def no_boot(environment: Environment) -> str:
    """Release an image that ends at once on a dyno."""
    files = {"oc_lettings_site/settings.py": NO_BOOT}
    return bad_release(environment, "Want a variable", files, "web.1 crashed", "was put back")


@proof("release", "an app that reports another commit is put back")
def wrong_commit(environment: Environment) -> str:
    """Release an image that names a commit which nobody released."""
    files = {"oc_lettings_site/settings.py": LIE}
    return bad_release(environment, "Tell a lie", files, "which nobody released", "was put back")


@proof("rollback", "goes back to the older commit")
def rollback(environment: Environment) -> str:
    """Roll production back by the verb, under load."""
    with Load(environment.urls[PRODUCTION]) as load:
        said = environment.verb("rollback", PRODUCTION)
    expect(environment.live(PRODUCTION) == environment.first, said)
    expect(not load.seen.failed, str(load.seen))
    line = next((line for line in said.splitlines() if "going back to" in line), said)
    return f"'{line}'; runs {short(environment.first)}, {load.seen.asked} requests, 0 failed"


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
def no_task_lost(environment: Environment) -> str:
    """Release production anew while mail is handed over to its workers; count what arrives."""
    subject = f"Task of {short(environment.good)}"
    script = WRITE_MAIL.format(tasks=TASKS, subject=subject)
    stopped = workers_stopped(environment)
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(environment.manage, PRODUCTION, "shell", "--command", script)
        environment.verb("release", "heroku", PRODUCTION)
        writing.result()
    expect(
        environment.live(PRODUCTION) == environment.good, "production is not on the commit again"
    )
    end = time.monotonic() + PATIENCE
    while (
        arrived := environment.mailbox.arrived(subject)
    ).total() < TASKS and time.monotonic() < end:
        time.sleep(0.2)
    time.sleep(1)  # for a double
    arrived = environment.mailbox.arrived(subject)
    expect(len(arrived) == TASKS, f"{TASKS - len(arrived)} of {TASKS} did not arrive")
    twice = [each for each, number in arrived.items() if number > 1]
    expect(not twice, f"arrived more than once: {twice}")
    expect(workers_stopped(environment) > stopped, "no worker was stopped meanwhile")
    return f"{TASKS} mails, written at two a second while the workers were replaced: each once"


def workers_stopped(environment: Environment) -> int:
    """Count how often a worker of production was asked to stop, as far as its log goes back."""
    lines = environment.heroku.store.app(PRODUCTION).log.lines("worker", "heroku")
    return sum("SIGTERM" in line for line in lines)


@proof("rollback", "is refused where the older code can't run on the newer schema")
def rollback_refused(environment: Environment) -> str:
    """Release a column that older code can't fill on staging, and try to go back."""
    model = (environment.remote.clone / "profiles/models.py").read_text()
    field = "    nights = models.IntegerField(default=0)\n\n    def __str__"
    commit = environment.remote.commit(
        "Count the nights",
        {
            "profiles/models.py": model.replace("\n    def __str__", field, 1),
            **next_migration(environment, "nights", COLUMN),
        },
    )
    pipeline = environment.pipelines.push("main", passed=("lint", "test"))
    pipeline.wait(lambda s: s["approve-production"] == "on_hold", 600)
    live = environment.live(STAGING)
    pipeline.cancel()
    if live != commit:
        raise Disproved(pipeline_words(pipeline))
    said = environment.verb("rollback", STAGING, good=False)
    expect(environment.live(STAGING) == commit, "it went back all the same")
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
