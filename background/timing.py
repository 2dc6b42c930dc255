"""The periods of background work that depend on each other."""

from datetime import timedelta

# How often a clock asks which jobs are due, in seconds.
TICK_SECONDS = 30

# The longest that a task may take. A picture takes seconds, a mail ten at most; what hangs is
# stopped, and the sweep finds it again.
TASK_SECONDS = 300

# Who claims a mail or a job has it until then: after that its task was stopped.
LEASE = timedelta(seconds=TASK_SECONDS)

# The sweep runs twice a minute. If no job has run for this long, nothing processes the queue.
SILENT = timedelta(minutes=5)
