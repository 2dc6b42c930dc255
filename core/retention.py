"""How long the site keeps what it keeps for a time only; all periods are here.

Nightly jobs delete what is older (docs/runbook.md, "The jobs"). What is not listed has no period
of its own: lettings, drafts, enquiries and pictures go with their account or when their owner
deletes them, the daily views go with their letting, a token of the API has the end that its owner
chose, and a rate limit is deleted when its window is over (``ratelimits``).
"""

from datetime import timedelta

# Sent mail and failed mail. Of sent mail only subject, recipients and times are left: people ask
# for about a month whether a mail went out. Failed mail is kept whole, so that staff can send it
# again; its address may be one that a stranger made up, so it is not kept for longer.
MAIL = timedelta(days=30)

# How long a mail is tried. Mail servers try for days, but by then our texts are out of date.
MAIL_TRIES = timedelta(days=1)

# Answers of the API by Idempotency-Key: the time in which a program may repeat a request.
IDEMPOTENT_ANSWER = timedelta(days=1)

# A session, from sign-in; Django's own default. Ended ones are deleted in the next night.
SESSION = timedelta(weeks=2)

# From where somebody signed in (network address, browser), if the session has ended: so many days
# after the sign-in, so that one that is just beginning is not taken for ended.
ENDED_SIGN_IN = timedelta(days=1)

# Wrong passwords, which are counted by name and network address for so long.
WRONG_PASSWORDS = timedelta(minutes=15)

# Accounts whose address nobody confirmed. The link in the mail opens for three days (allauth's
# ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS), and a new one can be asked for.
UNCONFIRMED_ACCOUNT = timedelta(days=7)

# Files of pictures that nothing shows, after a crash. An upload gets its row within seconds.
UNUSED_PICTURE = timedelta(days=1)
