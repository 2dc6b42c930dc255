"""Search over title, description, city and state."""

from __future__ import annotations

from django.db.models import IntegerField, Q, QuerySet, Value


def matching(lettings: QuerySet, text: str) -> QuerySet:
    """Keep the lettings in which every word occurs, with a ``score`` to order them by."""
    for word in text.split():
        lettings = lettings.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(address__city__icontains=word)
            | Q(address__state__iexact=word)
        )
    return lettings.annotate(score=Value(0, output_field=IntegerField()))
