"""Links lead somewhere, and the pages are made as the rest of the project is."""

from __future__ import annotations

import re

import pytest

from pages.blocks import blocks_of
from pages.running import ROOT

PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])
TOP = {
    "README.md",
    "LICENSE",
    "pyproject.toml",
    "requirements.lock",
    "linkage",
    "graphs",
    "tests",
    "examples",
    "docs",
}
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]


def prose(page):
    """Give a page without its code."""
    text = page.read_text("utf-8")
    for block in reversed(blocks_of(text)):
        text = text[: block.start] + text[block.end :]
    return text


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_link_leads_to_a_file(page):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)[^)]*\)", prose(page)):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_page_has_one_title(page):
    assert len(re.findall(r"^# ", prose(page), re.MULTILINE)) == 1


@pytest.mark.parametrize(
    "page", [page for page in PAGES if "reference" not in page.parts], ids=lambda page: page.name
)
def test_a_line_holds_one_sentence(page):
    told = [line for line in prose(page).splitlines() if not line.startswith(("|", "#", "-"))]

    assert [line for line in told if re.search(r"[a-z)`][.?!] [A-Z]", line)] == []


def test_every_page_of_the_docs_can_be_reached_from_its_index():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)", index))

    pages = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    assert pages - {"index.md"} <= linked


def test_the_top_of_the_repository_holds_nothing_unexpected():
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    # What tools make, and a reader's own cases: .gitignore names them.
    made = {name for name in found if name in {"build", "dist"} or ".duckdb" in name}

    assert found - made == TOP


def test_every_dependency_says_why_it_is_here_or_is_named_after_its_job():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)[1]

    assert [line for line in listed.splitlines() if "# " not in line] == []


def test_every_dependency_is_pinned_in_the_lock():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = {name.lower() for name in re.findall(r'^    "([A-Za-z0-9-]+)[=<>]', text, re.MULTILINE)}
    pinned = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    )

    assert wanted <= pinned


def test_the_lock_names_no_address_and_no_folder():
    lock = (ROOT / "requirements.lock").read_text("utf-8")

    assert "/" not in lock
    assert "--" not in lock
