"""Make what an account at Sentry has: a person, a project, a key to send by, a token to ask by.

Takes SUPERUSER (name:password), PROJECT (its name and slug), SENTRY_KEY (the DSN's, 32 hex digits)
and AUTH_TOKEN (40 hex digits) from the environment. A second start finds it all there.
"""

import os
import uuid

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bugsink_conf")
django.setup()

from bsmain.models import AuthToken  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from projects.models import Project, ProjectMembership, ProjectRole  # noqa: E402
from teams.models import Team, TeamMembership, TeamRole  # noqa: E402

name, _, password = os.environ["SUPERUSER"].partition(":")
slug = os.environ["PROJECT"]
if not Project.objects.filter(slug=slug).exists():
    person = get_user_model().objects.create_superuser(name, name, password)
    team = Team.objects.create(name="Operators")
    key = uuid.UUID(os.environ["SENTRY_KEY"])
    project = Project.objects.create(id=1, team=team, name=slug, slug=slug, sentry_key=key)
    TeamMembership.objects.create(team=team, user=person, role=TeamRole.ADMIN, accepted=True)
    ProjectMembership.objects.create(
        project=project, user=person, role=ProjectRole.ADMIN, accepted=True
    )
    AuthToken.create_full_access(token=os.environ["AUTH_TOKEN"], description="rehearsal")
