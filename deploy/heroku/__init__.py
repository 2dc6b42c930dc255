"""Releases on Heroku, by its Platform API and its container registry."""
