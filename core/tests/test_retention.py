"""Periods of retention that depend on what others promise."""

from datetime import timedelta

from allauth.account.app_settings import EMAIL_CONFIRMATION_EXPIRE_DAYS
from django.conf import settings

from core import retention


def test_an_account_is_there_while_its_link_opens():
    assert retention.UNCONFIRMED_ACCOUNT > timedelta(days=EMAIL_CONFIRMATION_EXPIRE_DAYS)


def test_mail_is_kept_for_longer_than_it_is_tried():
    assert retention.MAIL > retention.MAIL_TRIES


def test_sessions_and_wrong_passwords_follow():
    assert settings.SESSION_COOKIE_AGE == retention.SESSION.total_seconds()
    assert settings.AXES_COOLOFF_TIME == retention.WRONG_PASSWORDS
