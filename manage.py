#!/usr/bin/env python
"""Runs Django's management commands with this site's settings."""

import os
import sys

from django.core.management import execute_from_command_line

from core.env import BadEnvironment
from oc_lettings_site import doctor, start_checks

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oc_lettings_site.settings")
    try:
        # Here, since runserver_plus goes on when its own checks fail.
        if {"runserver", "runserver_plus", "testserver"} & set(sys.argv[1:2]):
            from oc_lettings_site.settings import env

            start_checks.stop_unless_fit(env)
        execute_from_command_line(sys.argv)
    except BadEnvironment as error:
        # With settings that don't load, Django can't find the doctor either.
        sys.exit(doctor.main() if sys.argv[1:] == ["doctor"] else str(error))
