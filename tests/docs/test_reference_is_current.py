"""The reference pages say what the code says."""

from __future__ import annotations

import pytest

from pages.reference import REFERENCE, reference_pages
from pages.running import ROOT

PAGES = reference_pages()


@pytest.mark.parametrize("name", PAGES)
def test_a_reference_page_is_what_the_code_makes_it(name):
    written = (ROOT / REFERENCE / name).read_text("utf-8")

    assert written == PAGES[name], "run python tests/docs/generate.py"


def test_the_reference_has_no_page_that_nothing_makes():
    assert {path.name for path in (ROOT / REFERENCE).glob("*.md")} == set(PAGES)
