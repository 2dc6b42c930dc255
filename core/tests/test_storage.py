"""Where pictures are kept, and where browsers get them: what the environment may say."""

import os
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile

from core.env import Env
from core.files import storage
from core.files.disk import WholeFileSystemStorage


def test_without_a_bucket_it_is_the_disk():
    env = Env({})
    assert "FileSystemStorage" in storage.configure(env)["BACKEND"]
    assert not env.faults


def test_a_disk_that_is_full_keeps_no_part_of_a_file(tmp_path):
    disk = WholeFileSystemStorage(location=tmp_path, allow_overwrite=True)
    disk.save("photos/a.jpg", ContentFile(b"whole"))

    class Cut(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"a part"
            raise OSError("no space left")

    for name in ("photos/a.jpg", "photos/b.jpg"):
        with pytest.raises(OSError):
            disk.save(name, Cut(b"longer"))
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["a.jpg"]
    assert (tmp_path / "photos/a.jpg").read_bytes() == b"whole"
    assert disk.save("photos/a.jpg", ContentFile(b"again")) == "photos/a.jpg"


def test_a_bucket_wants_its_keys():
    env = Env({"S3_BUCKET": "oc-lettings"})
    storage.configure(env)
    assert [fault.name for fault in env.faults] == ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]
    assert "unset S3_BUCKET" in env.faults[0].fix


@pytest.mark.parametrize(
    "address",
    ("https://cdn.example.org/", "https://cdn.example.org/media/", "http://127.0.0.1:9/"),
)
def test_addresses_that_browsers_can_use(address):
    assert storage.parse_media_url(address) == address


@pytest.mark.parametrize(
    "address",
    (
        "https://cdn.example.org",
        "cdn.example.org/",
        "//cdn.example.org/",
        "https:///media/",
        "https://me:secret@cdn.example.org/",
        "https://cdn.example.org/?a=/",
        "javascript:alert(1)/",
    ),
)
def test_addresses_that_they_can_not(address):
    with pytest.raises(ValueError):
        storage.parse_media_url(address)


def test_the_policy_follows_the_address():
    code = (
        "import django; django.setup(); from django.conf import settings;"
        "print(settings.MEDIA_URL, settings.CONTENT_SECURITY_POLICY['DIRECTIVES']['img-src'])"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "test",
        "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
        "MEDIA_URL": "https://cdn.example.org/media/",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split(" ", 1)[0] == "https://cdn.example.org/media/"
    assert "'https://cdn.example.org'" in done.stdout
