"""Decode uploaded pictures in a child process with limits.

``process.render`` starts it and ``child.py`` runs in it. The child imports Pillow and no Django,
and the site's processes import no Pillow: no picture can block them or use their memory.
"""
