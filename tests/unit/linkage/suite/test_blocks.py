"""A report is written down twice, and the words of others are only words on both pages."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from elements import Elements

from linkage.suite.blocks import Drawing, Grid, Heading, Line, Name, Prose, line, markdown, page

HOSTILE = "<script>alert(1)</script>|`x`\n## [me](http://evil.example) \x1b[2J $\\frac{1}{0}$ \u202e"
TITLE = Heading("Suite")


def test_sentences_follow_each_other_and_all_else_stands_apart():
    grid = Grid(("method",), (("one",),))
    blocks = (TITLE, line("First."), line("Second."), grid, grid, Heading("Section"), line("Third."))
    table = "| method |\n| --- |\n| one |"

    assert markdown(blocks) == f"# Suite\n\nFirst.\nSecond.\n\n{table}\n\n{table}\n\n## Section\n\nThird.\n"


def test_drawings_are_on_the_html_page_only():
    blocks = (TITLE, line("Before."), Drawing("<svg></svg>", "Rings & scores."), line("After."))

    assert markdown(blocks) == "# Suite\n\nBefore.\nAfter.\n"
    assert "<figure><svg></svg><figcaption>Rings &amp; scores.</figcaption></figure>" in page(blocks)


@pytest.mark.parametrize("kind", [Name, Prose])
def test_words_of_others_are_only_words(kind):
    def written(word):
        blocks = TITLE, Line(("In ", kind(word), ".")), Grid(("method", kind(word)), ((kind(word), "1"),))
        return markdown(blocks), page(blocks)

    (plain_text, plain_page), (text, html) = written("calm"), written(HOSTILE)
    outside_code = re.sub(r"`[^`\n]*`", "", text)

    assert Elements(html).tags == Elements(plain_page).tags
    assert "<script>alert(1)</script>" in "".join(Elements(html).words)
    assert not {"\x1b", "\u202e"} & set(text + html)
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[me|^## |(?<!\\)://", outside_code, re.MULTILINE)
    assert [row.count("|") for row in text.splitlines()] == [
        row.count("|") for row in plain_text.splitlines()
    ]


def test_names_of_others_are_cut_sooner_than_their_prose():
    def shown(part):
        return len(markdown((line(part),)))

    assert shown(Name("x" * 9_000)) < 500 < shown(Prose("x" * 9_000)) < 4_100


def test_columns_of_numbers_are_set_to_the_right_and_those_of_names_are_not():
    rows = (("one", ".500 (.250 to .750)", Name("7"), ""), ("other", "-", Name("8"), ""))
    grid = Grid(("method", "recall", "seed", "nothing"), rows)

    assert "\n| --- | ---: | ---: | --- |\n" in markdown((TITLE, grid))
    assert re.findall(r"<th ([^>]*)>", page((TITLE, grid))) == [
        'scope="col"',
        'scope="col" class="number"',
        'scope="col" class="number"',
        'scope="col"',
    ]


def test_our_rows_can_be_told_from_the_others():
    shown = page((TITLE, Grid(("method",), (("one",), ("other",)), frozenset({1}))))

    assert '<tr><td>one</td></tr>\n<tr class="ours"><td>other</td></tr>' in shown


def test_the_policy_allows_the_style_of_the_page_and_nothing_else():
    shown = page((TITLE, line("All is well.")))
    style = re.search(r"<style>(.*)</style>", shown, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"

    assert ("content", policy) in Elements(shown).attributes
