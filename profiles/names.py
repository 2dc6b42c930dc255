"""User names as they are compared: whose name is taken, and in which order they come.

``Profile.compared_name`` is unique, so that of two people who choose a name at once one is
refused. Older accounts may share a form ("Élise" and "élise"): all but the first have their
number behind it, and a space, which no name has.
"""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import IntegrityError, connections, transaction
from django.db.models import Q, QuerySet

from core.text.compared import compared

from .models import Profile

COLUMN = "compared_name"
LONGEST = 150  # a name's; the rest of the column is for a number
AT_ONCE = 1000
MOST_ALIKE = 100


def form_of(name: str) -> str:
    """Return the form in which user names are compared."""
    return compared(name).replace(" ", "")[:LONGEST]


def named(name: str) -> QuerySet[Profile]:
    """Return the profiles whose names are the same as this one."""
    form = form_of(name)
    return Profile.objects.filter(
        Q(compared_name=form) | Q(compared_name__gt=f"{form} ", compared_name__lt=f"{form}!")
    )


def is_taken(name: str, by_other_than: User | None = None) -> bool:
    """Return whether somebody has a name that is the same as this one."""
    others = named(name)
    if by_other_than is not None and by_other_than.pk:
        others = others.exclude(user=by_other_than.pk)
    return others.exists()


def meant(name: str) -> str:
    """Return the name of the user whom a typed name means; "" if it means none, or several."""
    users = list(named(name).values_list("user__username", flat=True)[:MOST_ALIKE])
    for same in (str, str.lower, lambda text: form_of(text)):
        found = [user for user in users if same(user) == same(name)]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def rename(instance: User, created: bool, update_fields: object, **kwargs: object) -> None:
    """Receive ``post_save`` of the user model: keep the form of a changed name.

    A row of an older release waits for ``keep``: its name may be the same as another.
    """
    if created or kwargs.get("raw") or update_fields and "username" not in update_fields:
        return
    form = form_of(instance.username)
    profiles = Profile.objects.filter(user=instance, compared_name__isnull=False)
    profiles = profiles.exclude(compared_name=form)
    profiles.exclude(compared_name=f"{form} {instance.pk}").update(compared_name=form)


def make_profile(user: User) -> Profile:
    """Return the profile of a user; if another has the name already, with a number behind it."""
    try:
        with transaction.atomic():
            return Profile.objects.get_or_create(user=user)[0]
    except IntegrityError:
        form = f"{form_of(user.username)} {user.pk}"
        return Profile.objects.get_or_create(user=user, defaults={COLUMN: form})[0]


def keep(using: str = "default", **kwargs: object) -> None:
    """Receive ``post_migrate``: fill the column where an older release has left it empty."""
    connection = connections[using]
    with connection.cursor() as cursor:
        table = Profile._meta.db_table
        if table not in connection.introspection.table_names(cursor):
            return
        columns = connection.introspection.get_table_description(cursor, table)
    if COLUMN in {column.name for column in columns}:
        while _fill(Profile.objects.using(using)):
            pass


def _fill(profiles: QuerySet[Profile]) -> int:
    """Fill the column of some rows, the oldest first; return their number."""
    with transaction.atomic(using=profiles.db):
        empty = profiles.filter(compared_name=None).order_by("pk").select_for_update(of=("self",))
        rows = list(empty.select_related("user").only("pk", "user__username")[:AT_ONCE])
        forms = {row: form_of(row.user.username) for row in rows}
        taken = set(
            profiles.filter(compared_name__in=forms.values()).values_list(COLUMN, flat=True)
        )
        for row, form in forms.items():
            row.compared_name = f"{form} {row.user.pk}" if form in taken else form
            taken.add(form)
        profiles.bulk_update(rows, [COLUMN], batch_size=200)
        return len(rows)
