"""Return freed memory to the system, instead of keeping it in the heaps of threads."""

from __future__ import annotations

import ctypes

# malloc.h of glibc:
# https://www.gnu.org/software/libc/manual/html_node/Malloc-Tunable-Parameters.html
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8
LARGE = 128 * 1024  # bytes; glibc's initial value
HEAPS = 2  # heaps, which keep freed memory; glibc's default is eight per processor


def give_back() -> bool:
    """Make glibc allocate large blocks separately for good; return whether that worked.

    By default glibc raises the threshold with each freed block, up to 32 MB: after some uploads
    the workers kept 150 MB more, measured by bin/hostile. Child processes inherit the setting.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library than glibc
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGE) and mallopt(M_ARENA_MAX, HEAPS))
