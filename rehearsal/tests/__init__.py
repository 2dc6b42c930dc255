"""Tests of what the rehearsal decides and shows; none of them needs Docker."""
