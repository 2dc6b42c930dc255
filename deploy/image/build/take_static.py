"""Move the apps' static files out of the sources, with the settings that collecting them needs.

Run in the sources; takes the folder to move to. What it leaves there changes only when a static
file or one of those settings does, and so decides whether the image collects them again.
"""

import os
import secrets
import shutil
import sys
from pathlib import Path

# The settings are strict: in production they want values. None of these is kept anywhere.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "oc_lettings_site.settings",
    "ENVIRONMENT": "production",
    "SECRET_KEY": secrets.token_urlsafe(50),
    "ALLOWED_HOSTS": "build.invalid",
    "DATABASE_URL": "sqlite://:memory:",
}
# MIDDLEWARE, since allauth does not begin without its own.
NAMES = ("INSTALLED_APPS", "MIDDLEWARE", "STORAGES", "STATIC_URL", "STATIC_ROOT")


def take_static(target: Path) -> None:
    """Move every ``<app>/static`` below ``target``, and write ``static_settings.py`` there."""
    os.environ |= ENVIRONMENT
    sys.path.insert(0, "")
    from oc_lettings_site import settings

    values = {
        name: value
        for name, value in vars(settings).items()
        if name in NAMES or name.startswith("WHITENOISE_")
    }
    ours = {path.name for path in Path().iterdir() if path.is_dir()}
    with_files = {path.parent.name for path in Path().glob("*/static")}
    values["INSTALLED_APPS"] = with_static_files(settings.INSTALLED_APPS, ours, with_files)
    values["STATIC_ROOT"] = os.fspath(settings.STATIC_ROOT)
    for name in with_files:
        shutil.move(f"{name}/static", target / name / "static")
    lines = [f"{name} = {value!r}\n" for name, value in sorted(values.items())]
    (target / "static_settings.py").write_text("".join(lines))


def with_static_files(apps: list[str], ours: set[str], with_files: set[str]) -> list[str]:
    """Return the apps to collect from, none of which needs code of ours.

    A configuration of ours, such as that of the admin, is code; its app has the files.
    """
    from django.apps import AppConfig

    return [
        AppConfig.create(app).name if "." in app and app.split(".")[0] in ours else app
        for app in apps
        if app not in ours - with_files
    ]


if __name__ == "__main__":
    take_static(Path(sys.argv[1]))
