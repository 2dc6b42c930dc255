"""What goes on behind the pages: work that is handed over once its transaction is committed.

``after_commit`` hands a task over. With Redis (``REDIS_URL``) a Celery worker does it; without, a
thread of this process. Either way it is a nudge and no more: the row that wants something done
says so by itself, and a job that looks for such rows finds what a crash, a full queue or a dead
Redis left behind. So a task takes ids, claims its row by a conditional update, and may run twice.
"""

from .handing_over import after_commit

# How often a clock asks which jobs are due.
TICK_SECONDS = 30
# Processes of a worker. Not one a processor: a dyno shows eight and has memory for two.
WORKER_PROCESSES = 2

__all__ = ["TICK_SECONDS", "WORKER_PROCESSES", "after_commit"]
