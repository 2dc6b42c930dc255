r"""Make the databases of the old site again, with the Django of that time.

    PGHOST=127.0.0.1 PGUSER=... PGPASSWORD=... \
        python -m oc_lettings_site.tests.old.make_dumps python3.8

The argument is a Python 3.8, the last that Django 3.0 was made for. A PostgreSQL whose user may
create databases is needed, and its pg_dump. The result is dumps/*.sqlite.sql and
dumps/*.postgres.sql, which are kept, so that the tests need neither.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
REQUIREMENTS = ("Django==3.0.14", "psycopg2-binary==2.8.6")
SCRATCH = "oc_old_scratch"


def main() -> None:
    r"""Make every dump."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        subprocess.run([sys.argv[1], "-m", "venv", root / "venv"], check=True)
        python = root / "venv/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        for engine in ("sqlite", "postgres"):
            OldSite(engine, python, root / engine).make()
    subprocess.run(["dropdb", SCRATCH], check=True)


class OldSite:
    """The old site in a folder of its own, on one of the two databases."""

    def __init__(self, engine: str, python: Path, folder: Path) -> None:
        self.engine, self.python, self.folder = engine, python, folder
        self.database = folder / "old.sqlite3"
        self.apps = ["oc_lettings_site"]

    def make(self) -> None:
        """Live through its history twice: once awkward, once to the first split."""
        for second in ("awkward", "split"):
            self.start()
            self.fill("monolith")
            if second == "awkward":
                self.dump("monolith")
                self.fill("awkward")
                self.dump("awkward")
            else:
                self.split()

    def start(self) -> None:
        """An empty database with the monolith's tables."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        shutil.copy(HERE / "settings.py", self.folder)
        shutil.copy(HERE / "fill_tables.py", self.folder)
        shutil.copytree(HERE / "monolith", self.folder, dirs_exist_ok=True)
        self.apps = ["oc_lettings_site"]
        if self.engine == "postgres":
            subprocess.run(["dropdb", "--if-exists", SCRATCH], check=True)
            subprocess.run(["createdb", SCRATCH], check=True)
        self.django("makemigrations", "oc_lettings_site")
        self.django("migrate")

    def split(self) -> None:
        """The first split: new tables, rows copied, then the old tables away."""
        shutil.copytree(HERE / "split", self.folder, dirs_exist_ok=True)
        self.apps = ["lettings", "oc_lettings_site", "profiles"]
        self.django("makemigrations", "oc_lettings_site", "-n", "auto_20211213_0942")
        self.django("makemigrations", "lettings", "profiles")
        self.django("migrate")
        self.fill("split")
        self.dump("split_unfinished")
        (self.folder / "oc_lettings_site/models.py").unlink()
        self.django("makemigrations", "oc_lettings_site", "-n", "auto_20211217_1139")
        self.django("migrate")
        self.dump("split")

    def fill(self, which: str) -> None:
        """Run one function of fill_tables.py."""
        self.run("fill_tables.py", which)

    def django(self, *arguments: str) -> None:
        """Run a management command of the old Django."""
        self.run("-m", "django", *arguments)

    def run(self, *arguments: str) -> None:
        """Run the old Python in the old site's folder."""
        backends = {"sqlite": "sqlite3", "postgres": "postgresql"}
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "settings",
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",
            "OLD_APPS": ",".join(self.apps),
            "OLD_ENGINE": f"django.db.backends.{backends[self.engine]}",
            "OLD_NAME": SCRATCH if self.engine == "postgres" else str(self.database),
        }
        subprocess.run([self.python, *arguments], cwd=self.folder, env=environment, check=True)

    def dump(self, name: str) -> None:
        """Write the database as SQL that the drivers of either database can run."""
        if self.engine == "sqlite":
            connection = sqlite3.connect(self.database)
            lines = list(connection.iterdump())
            connection.close()
        else:
            command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", SCRATCH]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            # Comments, and the commands that only psql knows.
            lines = [line for line in text.splitlines() if line and line[0] != "\\"]
            lines = [line for line in lines if not line.startswith("--")]
        (HERE / "dumps" / f"{name}.{self.engine}.sql").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
