"""Whatever a person can type or read on screen is explained on a page."""

from __future__ import annotations

import re

import pytest

import graphs
import linkage
from linkage.cli.commands import COMMANDS
from linkage.decisions.judgements import Judgement
from linkage.errors import LinkageError
from linkage.events.contract import TABLES
from linkage.evidence.kinds import KINDS
from linkage.exports.formats import FORMATS
from linkage.scores.parts import PARTS
from linkage.settings import EvidenceSettings, Settings, knobs
from pages.reference_commands import EXIT_CODES
from pages.running import ROOT

DOCS = ROOT / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text("utf-8")
WRITTEN = "\n".join(
    page.read_text("utf-8")
    for page in sorted(DOCS.rglob("*.md"))
    if "reference" not in page.parts and page.name != "changelog.md"
)


def page(name):
    return (DOCS / "reference" / name).read_text("utf-8")


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_a_command_is_in_the_reference_and_on_a_page_that_people_read(name):
    assert f"## linkage {name}\n" in page("commands.md")
    assert f"linkage {name}" in WRITTEN


@pytest.mark.parametrize("name", [name for name, _ in COMMANDS])
def test_the_help_of_a_command_has_an_example_that_calls_it(name):
    section = page("commands.md").partition(f"## linkage {name}\n")[2].partition("\n## ")[0]

    assert f"linkage {name}" in section.partition("Example")[2]


@pytest.mark.parametrize("name", [name for name, _, _ in knobs(Settings())])
def test_a_setting_has_a_sentence(name):
    sentences = {knob: sentence for knob, _, sentence in knobs(Settings())}

    assert sentences[name].endswith(".")
    assert name in {"columns", "evidence"} or f"`{name}`" in page("settings.md")


@pytest.mark.parametrize("name", EvidenceSettings.model_fields)
def test_a_setting_of_a_kind_has_a_sentence(name):
    assert EvidenceSettings.model_fields[name].description.endswith(".")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_says_when_it_misleads(kind):
    assert f"## {kind.name}\n" in page("kinds.md")
    assert "isleads" in kind.about


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_part_of_the_extraction_score_is_explained(part):
    assert f"\n| {part.name} |" in (DOCS / "explanation" / "scores.md").read_text("utf-8")


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_format_is_shown(each):
    assert f"## {each.name}\n" in page("formats.md")


@pytest.mark.parametrize("table", TABLES)
def test_an_input_table_is_described(table):
    assert f"## {table}\n" in page("input-tables.md")


@pytest.mark.parametrize("package", [linkage, graphs], ids=lambda package: package.__name__)
def test_the_public_names_of_a_package_are_sorted_and_described(package):
    assert list(package.__all__) == sorted(package.__all__)
    for name in package.__all__:
        assert f"### {package.__name__}.{name}\n" in page("api.md")


def test_every_exit_code_is_explained():
    explained = {code for code, _ in EXIT_CODES}

    assert {error.exit_code for error in [LinkageError, *LinkageError.__subclasses__()]} <= explained


@pytest.mark.parametrize(
    "word",
    # What stands on screen, in settings or in tables, and is no everyday English.
    [
        "account",
        "identifier",
        "kind",
        "family",
        "level",
        "sighting",
        "evidence",
        "worth",
        "hub",
        "link",
        "star",
        "community",
        "ring",
        "member",
        "neighbour",
        "score",
        "linked",
        "extraction",
        "confidence",
        "judgement",
        "decision",
        "blocklist",
        "allowlist",
        "reference",
        "case",
        "quarantine",
        "engine",
    ],
)
def test_a_word_of_the_house_is_in_the_glossary(word):
    assert re.search(rf"^\| {word} \|", GLOSSARY, re.MULTILINE)


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = re.findall(r"^\| ([a-z][a-z ]*) \|", GLOSSARY, re.MULTILINE)[1:]

    assert words == sorted(set(words))


def test_the_judgements_are_those_the_tutorial_tells():
    assert [f"`{judgement}`" in WRITTEN for judgement in Judgement] == [True] * len(Judgement)
