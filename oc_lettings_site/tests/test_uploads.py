"""What a picture that somebody uploads may cost the process that serves everybody else."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image

from oc_lettings_site import uploads

MOST_MB = 420  # 350 and what an allocator adds; before, it was 660 to 1,200
STATUS = Path("/proc/self/status")
# Its own highest mark; getrusage's begins with that of the process it was started by.
MEASURE = """
import re, sys
from PIL import Image
from oc_lettings_site.uploads import open_picture
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) // 1024
Image.init()
before = peak()
with open(sys.argv[1], "rb") as file:
    open_picture(file, (1440, 960))
print(peak() - before)
"""
LARGEST = {
    "JPEG": ((8660, 5770), "RGB", {"progressive": True, "subsampling": 0}),
    "PNG": ((5400, 3700), "RGBA", {}),
    "WEBP": ((5400, 3700), "RGBA", {"lossless": True, "method": 0}),
}


@pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells a process its peak")
@pytest.mark.parametrize("format", LARGEST)
def test_the_largest_picture_leaves_memory_for_others(format, tmp_path):
    size, mode, options = LARGEST[format]
    most = uploads.MAX_PIXELS.get(format, uploads.MAX_PIXELS_OF_OTHERS)
    assert 0.99 * most < size[0] * size[1] <= most
    Image.new(mode, size, "teal").save(tmp_path / "picture", format, **options)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path / "picture"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < MOST_MB


def test_one_is_decoded_at_a_time(tmp_path):
    Image.new("RGB", (60, 40)).save(tmp_path / "picture.png")
    at_once, most = threading.Semaphore(1), []

    def cut(*args):
        most.append(at_once.acquire(blocking=False))
        time.sleep(0.02)
        at_once.release()

    def upload(_number):
        with open(tmp_path / "picture.png", "rb") as file:
            uploads.open_picture(file, (30, 20))

    with mock.patch.object(uploads, "_cut", cut), ThreadPoolExecutor(4) as pool:
        list(pool.map(upload, range(4)))
    assert most == [True] * 4
