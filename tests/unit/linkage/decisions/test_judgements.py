"""What people said last stands beside the ring."""

from __future__ import annotations

from linkage.decisions.judgements import Judgement, with_judgements
from linkage.rings.ring import Ring


def ring(name, judgement=None):
    return Ring(name, 0.9, 0.9, 0.9, None, 0, 0, None, None, (), None, "new", judgement, ())


def test_the_latest_word_counts():
    said = [("R-A", "confirm", "x", "ann", None), ("R-A", "dismiss", "y", "ben", None)]

    judged = with_judgements([ring("R-A"), ring("R-B")], said)

    assert [each.judgement for each in judged] == ["dismiss", None]


def test_what_was_remembered_gives_way_to_what_is_said():
    assert with_judgements([ring("R-A", "watch")], [])[0].judgement is None


def test_there_are_three_things_to_say_and_a_way_to_take_them_back():
    assert [each.value for each in Judgement] == ["confirm", "dismiss", "watch", "undo"]
