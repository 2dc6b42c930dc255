"""Messages of django-allauth that we say otherwise: in our voice, and with our names for things.

They are here for ``bin/messages`` to find. What they become stands in locale/en and locale/fr: of
two catalogues, Django takes the one of the app that stands first in INSTALLED_APPS.
"""

from django.utils.translation import gettext_noop as _

WORDS = (
    # A colon stands right behind these three: the French has its space with it.
    _("Change to"),
    _("Changing to"),
    _("Current email"),
    _("Change Email"),
    _("Email"),
    _("Email Address"),
    _("Email address"),
    _("Your email address is still pending verification."),
    _("Re-send Verification"),
    _("Cancel Change"),
    _("Confirm Email Address"),
    _(
        'Please confirm that <a href="mailto:%(email)s">%(email)s</a> is an email '
        "address for user %(user_display)s."
    ),
    _("Unable to confirm %(email)s because it is already confirmed by a different account."),
    _(
        "This email confirmation link expired or is invalid. Please <a "
        'href="%(email_url)s">issue a new email confirmation request</a>.'
    ),
    _("A user is already registered with this email address."),
    _("Change Password"),
    _("Set Password"),
    _("Current Password"),
    _("New Password"),
    _("New Password (again)"),
    _("Forgot Password?"),
    _("Bad Token"),
    _(
        "The password reset link was invalid, possibly because it has already been "
        'used.  Please request a <a href="%(passwd_reset_url)s">new password reset</a>.'
    ),
    _("Your password is now changed."),
    _("Password successfully changed."),
    _("Password successfully set."),
    _("Account Inactive"),
    _("Sign Up Closed"),
    _("Confirm Access"),
    _("Please reauthenticate to safeguard your account."),
    _("Alternative options"),
    _("Sign In"),
    _("Sign Out"),
    _("Are you sure you want to sign out?"),
    _("You have signed out."),
    _("Successfully signed in as %(name)s."),
    _("Confirmation email sent to %(email)s."),
    _("You have confirmed %(email)s."),
    _("Started At"),
    _("IP Address"),
    _("Last seen at"),
    _("Sign Out Other Sessions"),
    _("Signed out of all other sessions."),
    _("Two-Factor Authentication"),
    _(
        "Your account is protected by two-factor authentication. Please enter an "
        "authenticator code:"
    ),
    _("Enter an authenticator code:"),
    _("Use a security key"),
    _("Authenticator App"),
    _("Authentication using an authenticator app is active."),
    _("An authenticator app is not active."),
    _("Deactivate Authenticator App"),
    _("You are about to deactivate authenticator app based authentication. Are you sure?"),
    _("Security Keys"),
    _("No security keys have been added."),
    _("Add Security Key"),
    _("Edit Security Key"),
    _("Remove Security Key"),
    _("Are you sure you want to remove this security key?"),
    _("Recovery Codes"),
    _("No recovery codes set up."),
    _("You are about to generate a new set of recovery codes for your account."),
    _("This action will invalidate your existing codes."),
    _("Are you sure?"),
    _("Please Confirm Your Email Address"),
    _("Account Already Exists"),
    _("Password Reset Email"),
    _("Password Reset"),
    _("Password Changed"),
    _("Password Set"),
    _("Email Confirmation"),
    _("Email Changed"),
    _("Email Removed"),
    _("New Recovery Codes Generated"),
    _("A new set of Two-Factor Authentication recovery codes has been generated."),
    _("Authenticator App Activated"),
    _("Authenticator App Deactivated"),
    _("Security Key Added"),
    _("Security Key Removed"),
)
