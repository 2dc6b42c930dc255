"""Bring the data of the original monolith, and of its first split, over. Used by migrations."""
