"""The servers of the rehearsal, each a container that is removed at its end."""

from .bugsink import Bugsink
from .postgres import Postgres
from .redis import Redis
from .registry import Registry

__all__ = ["Bugsink", "Postgres", "Redis", "Registry"]
