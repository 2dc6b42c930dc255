"""The image's static files are collected where the site's own code is not."""

import runpy
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


def test_no_app_to_collect_from_needs_our_code():
    with_static_files = runpy.run_path(ROOT / "deploy/image/build/take_static.py")[
        "with_static_files"
    ]
    ours = {path.name for path in ROOT.iterdir() if path.is_dir()}
    apps = with_static_files(settings.INSTALLED_APPS, ours, {"core", "lettings"})
    assert {app for app in apps if app.split(".")[0] in ours} == {"core", "lettings"}
    assert "django.contrib.admin" in apps
