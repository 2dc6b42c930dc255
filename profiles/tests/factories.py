"""Create users for tests."""

from django.contrib.auth.models import User

from profiles.models import Profile


def make_person(username, *, city="", **fields):
    """Return the profile of a new user."""
    profile = User.objects.create(username=username, **fields).profile
    Profile.objects.filter(pk=profile.pk).update(favorite_city=city)
    profile.refresh_from_db()
    return profile
