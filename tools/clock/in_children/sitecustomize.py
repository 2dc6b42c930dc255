"""Move the clock of a Python that a test starts as far as that of the tests: moved.py.

Python imports a module of this name at its start:
https://docs.python.org/3/library/site.html#module-sitecustomize
"""

import os
import sys
import time
from contextlib import suppress

if "TEST_CLOCK_OFFSET" in os.environ:
    with suppress(ImportError):  # a Python without our packages: it keeps its own clock
        # time-machine imports pytest where there is one, which takes half a second.
        sys.modules["pytest"] = None
        import time_machine

        time_machine.travel(time.time() + float(os.environ["TEST_CLOCK_OFFSET"])).start()
    del sys.modules["pytest"]
