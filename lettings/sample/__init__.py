"""The sample data: what a fresh site shows, and as many more lettings as a test of size needs.

``original`` loads the six lettings and four profiles of the original site, ``drafts_and_follows``
what only these people see of themselves, and ``generated`` any number of plausible lettings. The
pictures are drawn in ``art/`` and rendered by ``bin/draw-pictures``.
"""
