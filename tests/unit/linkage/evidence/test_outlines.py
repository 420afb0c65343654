"""The outline of a prompt: what a rewriting keeps."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from linkage.evidence.outlines import FEWEST_MARKS, outlines
from linkage.evidence.people import gather_people

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
RUBRIC = """{}
## Doubts
{}
## Method
{}
Put it into <answer> </answer>.
{{"name": "file_result", "parameters": {{"doubts": {{"type": "string"}}}}}}
"""


def held(make_logs, said, *, word="prompt", public=()):
    """List who holds each outline; ``said`` is account to texts."""
    events = [
        {"account_id": account, "happened_at": AT, word: text}
        for account, texts in said.items()
        for text in texts
    ]
    logs = make_logs(events=events)
    people = gather_people(logs)
    names = {row[0]: row[1] for row in people.rows()}
    found = {}
    for row in outlines(logs, people, public).arrow("identifier, account").to_pylist():
        found.setdefault(row["identifier"], {})[names[row["account"]]] = row["share"]
    return list(found.values())


def test_other_words_under_the_same_headings_are_one_outline(make_logs):
    one = RUBRIC.format("You are a patient editor.", "What may be wrong?", "Say how you know.")
    other = RUBRIC.format("Act as a judge", "name whatever speaks against it", "the way, step by step")

    assert held(make_logs, {"a": [one], "b": [other, "What is a tide?"]}) == [{"a": 1.0, "b": 0.5}]


def test_a_system_prompt_has_an_outline_too(make_logs):
    one, other = (RUBRIC.format(*words) for words in (("a", "b", "c"), ("d", "e", "f")))

    assert held(make_logs, {"a": [one], "b": [other]}, word="system_prompt") == [{"a": 1.0, "b": 1.0}]


def test_another_order_or_another_key_is_another_outline(make_logs):
    text = RUBRIC.format("a", "b", "c")
    turned = text.replace("Doubts", "-").replace("Method", "Doubts").replace("-", "Method")

    assert len(held(make_logs, {"a": [text], "b": [turned], "c": [text.replace("file_", "save-")]})) == 2
    assert len(held(make_logs, {"a": [text], "b": [text.replace('"doubts"', '"steps"')]})) == 2


def test_prose_and_a_few_marks_have_no_outline(make_logs):
    prose = "Tell me of the tides. Name three: one, two, three."
    few = "# Question\nWhat is a tide?\n<answer> </answer>"

    assert few.count("<") + few.count("#") < FEWEST_MARKS
    assert held(make_logs, {"a": [prose, few], "b": [prose, few]}) == []


def test_the_outline_of_a_public_template_is_nobodys(make_logs):
    text = RUBRIC.format("a", "b", "c")

    assert held(make_logs, {"a": [text], "b": [text]}, public=[RUBRIC.format("x", "y", "z")]) == []


@given(st.lists(st.text(max_size=80), max_size=4))
def test_any_text_can_be_read_and_what_stands_between_marks_never_matters(make_logs, words):
    between = [
        word.translate({ord(sign): " " for sign in '<>"#*[]:\r\n\0'}) for word in (*words, "", "", "")
    ][:3]
    plain, other = RUBRIC.format("a", "b", "c"), RUBRIC.format(*(f"a {word.strip()} b" for word in between))

    assert held(make_logs, {"a": [plain], "b": [other], "c": words}) == [{"a": 1.0, "b": 1.0}]
