"""The shared parts of each app's API: errors, pagination, preconditions, rate limits.

The apps' ``api.py`` use these; ``oc_lettings_site/api.py`` mounts them.
"""
