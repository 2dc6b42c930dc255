"""People for the tests."""

from django.contrib.auth.models import User

from profiles.models import Profile


def make_person(username, *, city="", **fields):
    """Make a user; give the profile that came with it."""
    profile = User.objects.create(username=username, **fields).profile
    Profile.objects.filter(pk=profile.pk).update(favorite_city=city)
    profile.refresh_from_db()
    return profile
