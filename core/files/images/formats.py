"""What kinds of pictures are taken, and how many pixels they may have."""

from __future__ import annotations

ACCEPTED = ("JPEG", "PNG", "WEBP", "AVIF")
# Either takes up to 350 MB for a second or two, measured: a JPEG is decoded at a fraction of its
# size, and what is progressive still takes 7 bytes a pixel; WebP's decoder takes 17. The largest
# phones make JPEGs of just that size.
MAX_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000}  # a JPEG with another behind it is an MPO
MAX_PIXELS_OF_OTHERS = 20_000_000
