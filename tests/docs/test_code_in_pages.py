"""The code on the pages runs, and prints what the pages show."""

from __future__ import annotations

import os
import tomllib

import pytest

from linkage.settings import load_settings
from pages.blocks import blocks_of, output_after
from pages.running import NOT_RUN, ROOT, pages_with_code, run_page

PAGES = {page.relative_to(ROOT).as_posix(): page.read_text("utf-8") for page in pages_with_code()}
RUNNING = [
    name for name, text in PAGES.items() if any(b.language in {"sh", "python"} for b in blocks_of(text))
]
SLOW = {
    "docs/how-to/evaluate.md",
    "docs/how-to/freeze-a-reference.md",
    "docs/how-to/look-at-rings.md",
    "docs/how-to/run-nightly.md",
    "docs/how-to/share-with-a-partner.md",
    "docs/how-to/use-it-in-python.md",
    "examples/hydra/README.md",
    "examples/nightly/README.md",
}
"""Ten seconds and more each; much of what they show, the tutorial and the README show, too."""
SETTINGS = [
    pytest.param(block.code, id=f"{name}-{number}")
    for name, text in PAGES.items()
    for number, block in enumerate(blocks_of(text))
    if block.language == "toml"
]


@pytest.mark.skipif(os.name == "nt", reason="the pages are written for a POSIX shell")
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in RUNNING]
)
def test_the_code_of_a_page_runs_from_top_to_bottom(name):
    text = PAGES[name]
    for block, printed in run_page(text):
        shown = output_after(text, block)
        assert shown is None or printed == shown.code, "run python tests/docs/generate.py"


@pytest.mark.parametrize("code", SETTINGS)
def test_settings_that_a_page_shows_can_be_used(code, tmp_path):
    file = tmp_path / "linkage.toml"
    file.write_text(code, "utf-8")

    loaded = load_settings(file, environment={})

    assert tomllib.loads(code).keys() <= loaded.settings.model_dump().keys()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_marks_the_language_of_its_code(name):
    known = {"sh", "python", "toml", "text", "json"}

    assert {block.language for block in blocks_of(PAGES[name])} <= known


@pytest.mark.parametrize("words", NOT_RUN)
def test_code_that_is_not_run_is_still_shown_somewhere(words):
    assert any(words in block.code for text in PAGES.values() for block in blocks_of(text))


def test_the_first_two_commands_of_the_readme_are_one_line_each():
    first, second = [block.code for block in blocks_of(PAGES["README.md"]) if block.language == "sh"][:2]

    assert first.count("\n") == second.count("\n") == 1
    assert "linkage rings examples/hydra --min-score 0.7" in first
    assert "pytest" in second
