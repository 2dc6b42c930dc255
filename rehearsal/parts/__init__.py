"""The servers of the rehearsal, each a container that is gone when its part is over."""

from .bugsink import Bugsink
from .postgres import Postgres
from .redis import Redis
from .registry import Registry

__all__ = ["Bugsink", "Postgres", "Redis", "Registry"]
