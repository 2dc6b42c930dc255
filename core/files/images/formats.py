"""Which picture formats are accepted, and how many pixels they may have."""

from __future__ import annotations

ACCEPTED = ("JPEG", "PNG", "WEBP", "AVIF")
# Measured: both need up to 350 MB for a second or two. A JPEG is decoded at a fraction of its
# size, but a progressive one still takes 7 bytes per pixel; WebP's decoder takes 17. The largest
# phones make JPEGs of exactly that size.
MAX_PIXELS = {"JPEG": 50_000_000}
MAX_PIXELS_OF_OTHERS = 20_000_000
