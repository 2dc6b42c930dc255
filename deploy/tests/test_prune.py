"""deploy/image/build/prune: what it leaves of botocore is enough for a bucket."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import boto3
import botocore

PRUNE = Path(__file__).resolve().parents[1] / "image" / "build" / "prune"
USE = """
import sys, boto3, botocore
from moto import mock_aws
assert botocore.__file__.startswith(sys.argv[1]), botocore.__file__
with mock_aws():
    s3 = boto3.resource("s3", region_name="us-east-1", aws_access_key_id="a",
                        aws_secret_access_key="b")
    bucket = s3.create_bucket(Bucket="oc-lettings")
    bucket.put_object(Key="a", Body=b"a picture")
    print(s3.Object("oc-lettings", "a").get()["Body"].read().decode())
print(boto3.session.Session().get_available_services())
"""


def test_what_is_left_of_botocore_speaks_s3(tmp_path):
    packages = tmp_path / "venv/lib/python3.13/site-packages"
    for package in (boto3, botocore):
        folder = Path(package.__file__).parent
        shutil.copytree(folder, packages / folder.name, ignore=shutil.ignore_patterns("*.pyc"))
    subprocess.run([PRUNE, tmp_path / "venv", tmp_path / "layer/venv"], check=True)
    left = tmp_path / "layer/venv/lib/python3.13/site-packages"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", USE, str(left)],
        env=os.environ | {"PYTHONPATH": str(left)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "a picture\n['s3', 'sts']\n", done.stderr
    size = sum(path.stat().st_size for path in left.rglob("*") if path.is_file())
    assert size < 6_000_000, f"{size / 1e6:.1f} MB are left of boto3 and botocore"
