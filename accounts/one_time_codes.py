"""Single use of an authenticator app's codes.

A verifier must not accept a code a second time
(https://datatracker.ietf.org/doc/html/rfc6238#section-5.2). allauth remembers a
code for half a minute but accepts it for a minute and a half (MFA_TOTP_TOLERANCE), and it does not
remember the code that adds the app. Here the app's row stores the time step of the last accepted
code, and no code of that step or an earlier one is accepted again. allauth itself ensures the
single use of recovery codes.
"""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import decrypt
from django.db import transaction
from django.http import HttpResponse

LAST_STEP = "last_step"


def steps(app: Authenticator, code: str) -> list[int]:
    """Return the time steps, among those accepted now, in which the app shows this code."""
    secret = decrypt(app.data["secret"])
    return [
        step
        for step in auth.yield_hotp_counters_from_time()
        if compare_user_code(
            actual=code, expected=auth.format_hotp_value(auth.hotp_value(secret, step))
        )
    ]


def was_used(app: Authenticator, code: str) -> bool:
    """Return whether the code is correct but used, or older than a used one."""
    found = steps(app, code)
    return bool(found) and found[-1] <= app.data.get(LAST_STEP, 0)


@transaction.atomic
def use(app: Authenticator, code: str) -> bool:
    """Store that a code is used; return False if it, or a later one, was used before.

    The row is locked: of two requests with the same code at once, one gets False.
    """
    row = Authenticator.objects.select_for_update().get(pk=app.pk)
    new = [step for step in steps(row, code) if step > row.data.get(LAST_STEP, 0)]
    if not new:
        return False
    row.data[LAST_STEP] = new[0]
    row.save(update_fields=["data"])
    return True


class SingleUseCodeMixin:
    """A mixin for allauth's forms that take a code: each code is accepted once."""

    def clean_code(self) -> str:
        """Return the code if it is correct and unused; a used one counts as a wrong one."""
        apps = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        if any(was_used(app, self.cleaned_data["code"]) for app in apps):
            check_rate_limit(self.user)
            raise get_adapter().validation_error("incorrect_code")
        code = super().clean_code()
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not use(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(SingleUseCodeMixin, mfa_forms.AuthenticateForm):
    """The code after the password."""


class ReauthenticateForm(SingleUseCodeMixin, mfa_forms.ReauthenticateForm):
    """The code before something that asks for it again."""


class ActivateView(ActivateTOTPView):
    """The page that adds an app; the code that proves that it works is used up."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Add the app and store its first code as used, both or neither."""
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        use(app, form.cleaned_data["code"])
        return response


activate = ActivateView.as_view()
