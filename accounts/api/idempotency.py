"""Idempotency keys: a repeated request gets the answer of the first one.

https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db import IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core import retention
from core.rest.problems import Problem
from core.web import outages

from ..models import KeptAnswer

HEADERS = ("Content-Type", "Location", "ETag")
OTHER = "This Idempotency-Key came with another request before; use a new one for each."
BUSY = "The first request with this Idempotency-Key is still being answered; try again soon."


class _Refused(Exception):
    """The answer is an error: nothing was created, so the key stays free for a retry."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(
    request: HttpRequest,
    key: str,
    answer: Callable[[], HttpResponse],
    ahead: Callable[[], None] | None = None,
) -> HttpResponse:
    """Return the answer to a request with an idempotency key, or the stored answer to the first.

    The key's row and what the request creates are committed together. Of two requests at the
    same moment, the unique key makes the second wait for the first. ``ahead`` runs the slow part
    of the answer before that transaction begins. Raise Problem 422 if the key was used for
    another request, and 409 if the first takes too long.
    """
    user, asked, is_new = request.token.user, fingerprint(request), False
    KeptAnswer.objects.filter(
        user=user, created_at__lt=timezone.now() - retention.IDEMPOTENT_ANSWER
    ).delete()
    if ahead and not KeptAnswer.objects.filter(user=user, key=key).exists():
        ahead()
    try:
        with transaction.atomic():
            kept, is_new = _claim(user, key, asked)
            if not is_new:
                return _again(kept, asked)
            response = answer()
            if response.status_code >= 400:
                raise _Refused(response)
            _keep(kept, response)
            return response
    except _Refused as refused:
        return refused.response
    except OperationalError as error:
        if is_new or not outages.is_lock(error):
            raise  # a fault or an outage of the site, not a key in use
        raise Problem(409, BUSY, headers={"Retry-After": "1"}) from error


def fingerprint(request: HttpRequest) -> str:
    """Return the digest of a request: method, address, body, and the token's scopes.

    A token with fewer scopes must not read an answer that was given to one with more.
    """
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(" ".join(sorted(request.token.scopes)).encode() + b"\n")
    if request.content_type == "multipart/form-data":
        digest.update(repr(sorted(request.POST.lists())).encode())
        for name, file in sorted(request.FILES.items()):
            digest.update(f"\n{name} {file.name}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _claim(user: object, key: str, asked: str) -> tuple[KeptAnswer, bool]:
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(user=user, key=key, request=asked), True
    except IntegrityError:
        return KeptAnswer.objects.get(user=user, key=key), False


def _again(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.request != asked:
        raise Problem(422, OTHER)
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(kept: KeptAnswer, response: HttpResponse) -> None:
    kept.status = response.status_code
    kept.headers = {name: response[name] for name in HEADERS if name in response}
    kept.body = response.content.decode()
    kept.save(update_fields=["status", "headers", "body"])
