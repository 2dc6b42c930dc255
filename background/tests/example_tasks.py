"""Tasks for the tests."""

import threading

done = []
may_go_on = threading.Event()


def note(*args):
    """Note what a task was given."""
    done.append(args)


def fail(*args):
    """Fail, as a task may."""
    raise ZeroDivisionError


def hang(*args):
    """Take until the test allows."""
    may_go_on.wait(10)
    done.append(args)
