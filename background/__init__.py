"""Background work, dispatched once its transaction is committed.

``after_commit`` dispatches a task. With Redis (``REDIS_URL``) a Celery worker runs it; without, a
thread of this process. The dispatch only makes it fast: the row itself says that it needs work,
and a job finds such rows after a crash, a full queue or a lost Redis. So a task takes ids, claims
its row by a conditional update, and may run twice.
"""

from .dispatch import after_commit
from .timing import TICK_SECONDS

# Processes of a worker. Not one per processor: a dyno shows eight and has memory for two.
WORKER_PROCESSES = 2

__all__ = ["TICK_SECONDS", "WORKER_PROCESSES", "after_commit"]
