"""Pictures that people send: decoded in a process of their own, which has bounds.

``process.render`` starts it and ``child.py`` is what it runs. That imports Pillow and no Django,
and the site's own processes import no Pillow: no picture can hold them up or fatten them.
"""
