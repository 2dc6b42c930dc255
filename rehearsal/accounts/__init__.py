"""Fakes of the APIs that `bin/setup-accounts` calls, but for Heroku's."""
