"""PostgreSQL, as cimg/postgres has it in CI, and as Heroku's add-on has it for the site."""

from __future__ import annotations

from deploy.image.docker import RUN, docker

from .service import Service


class Postgres(Service):
    """A PostgreSQL server with one superuser; databases are made as they are asked for."""

    role = "postgres"

    def __init__(
        self,
        port: int = 0,
        *,
        user: str = "lettings",
        database: str = "",
        password: str = "",
        run: str = RUN,
        network: str = "host",
    ) -> None:
        super().__init__(port, run=run, network=network)
        self.user, self.database, self.password = user, database or user, password

    def environment(self) -> dict[str, str]:
        """Return what cimg/postgres reads, too, and the port."""
        return {
            "POSTGRES_USER": self.user,
            "POSTGRES_DB": self.database,
            "POSTGRES_PASSWORD": self.password,
            "PGPORT": str(self.port),
        }

    def url(self, database: str = "") -> str:
        """Return the DATABASE_URL of a database; of the first one, if none is named."""
        login = f"{self.user}:{self.password}" if self.password else self.user
        return f"postgres://{login}@127.0.0.1:{self.port}/{database or self.database}"

    def create(self, database: str) -> str:
        """Make a database; return its URL. Raise DockerFailed if it is there already."""
        self.ask(f'CREATE DATABASE "{database}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        self.ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def ask(self, statement: str, database: str = "") -> str:
        """Return psql's answer to a statement, bare: no header, columns apart by `|`."""
        words = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        words += ["--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1", "--username", self.user]
        words += ["--dbname", database or self.database]
        return docker(
            *("exec", "--interactive", "--env", "PGPASSWORD", self.container, *words),
            environment={"PGPASSWORD": self.password},
            input=statement,
        ).stdout.strip()

    def pause(self) -> None:
        """Freeze it: connections stay open and nothing answers, as when a network fails."""
        docker("pause", self.container)

    def resume(self) -> None:
        """Let it go on."""
        docker("unpause", self.container)

    def ready(self) -> bool:
        """Return whether it takes connections."""
        asked = ["pg_isready", "--quiet", "--host", "127.0.0.1", "--port", str(self.port)]
        return docker("exec", self.container, *asked, check=False).returncode == 0
