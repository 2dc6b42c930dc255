from allauth.account.signals import password_reset
from django.apps import AppConfig
from django.contrib.auth import get_user_model
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts: sign-up, sign-in, second factor, personal data."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from .adapter import confirm_by_recovery, lower_address

        password_reset.connect(confirm_by_recovery, dispatch_uid="accounts.confirm_by_recovery")
        pre_save.connect(
            lower_address, sender=get_user_model(), dispatch_uid="accounts.lower_address"
        )
