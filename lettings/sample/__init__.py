"""The sample: what a fresh site shows, and as many more lettings as a trial needs.

``first`` loads the six lettings and four profiles of the original site, ``kept`` what these people
keep to themselves, ``many`` any number of believable ones. The pictures are drawn in ``art/`` and
rendered by ``bin/draw-pictures``.
"""
