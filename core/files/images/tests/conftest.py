"""The decoder itself is tried here: each picture gets one."""

import pytest

from core.files.images import process


@pytest.fixture(autouse=True)
def each_picture_decoded(pictures_decoded_once, monkeypatch):
    monkeypatch.setattr(process, "_run", pictures_decoded_once)
