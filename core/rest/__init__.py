"""What the API of each app stands on: errors, pages of a list, conditions, limits.

The apps' ``api.py`` use these; ``oc_lettings_site/api.py`` mounts them.
"""
