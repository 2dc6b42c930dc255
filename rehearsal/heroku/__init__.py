"""A stand-in for Heroku on one machine: Platform API, registry login, dynos, router, logs.

What it answers is checked against the published schema (schema.json). Dynos are containers of the
released images. Its limits and errors are those of the real platform.
"""
