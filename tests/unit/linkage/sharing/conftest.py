"""Labs that stay open as long as a test."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from labs import lab_of_two_rings


@pytest.fixture
def stack():
    """What is closed after the test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def lab(stack, tmp_path):
    """A lab with a confirmed ring, and another that nobody looked at; it knows lab-b."""
    return lab_of_two_rings(stack, tmp_path)
