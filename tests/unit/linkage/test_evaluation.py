"""How well found rings match known ones, worked out by hand."""

from __future__ import annotations

import pytest

from linkage.errors import DataError
from linkage.evaluation import Truth, evaluate, read_truth
from linkage.rings.ring import Member, Ring


def ring(name, accounts):
    members = tuple(Member(account, 1.0, None, "member", 0.8) for account in accounts)
    return Ring(name, 1.0, 1.0, None, None, len(members), 0, None, None, (), None, "new", None, members)


TRUTH = Truth(
    rings=dict.fromkeys("abcdef", "one") | dict.fromkeys("uvwx", "two"),
    bad=frozenset("abcdefuvwx"),
    crowds={"h": "office", "i": "office"},
)


def test_precision_recall_and_f1():
    """Eight are flagged, six of them bad; ten are bad."""
    found = evaluate([ring("R-1", "abcdhi"), ring("R-2", "uv")], TRUTH)

    assert (found.rings, found.flagged) == (2, 8)
    assert (found.precision, found.recall) == (0.75, 0.6)
    assert found.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)


def test_wholeness_is_the_largest_piece_of_each_known_ring():
    """Of one, four of six are together; of two, two of four."""
    found = evaluate([ring("R-1", "abcd"), ring("R-2", "efuv")], TRUTH)

    assert found.wholeness == pytest.approx((4 / 6 + 2 / 4) / 2)
    assert found.least_wholeness == 0.5
    assert found.found == (2, 2)


def test_an_exact_answer_is_perfect():
    found = evaluate([ring("R-1", "abcdef"), ring("R-2", "uvwx")], TRUTH)

    assert (found.precision, found.recall, found.f1, found.ring_ari, found.wholeness) == (1, 1, 1, 1, 1)
    assert (found.honest_flagged, dict(found.honest_by_crowd)) == (0, {})


def test_rings_melted_together_are_whole_and_not_told_apart():
    """One found ring puts all 45 pairs together, as many as there are: no better than chance."""
    found = evaluate([ring("R-1", "abcdefuvwx")], TRUTH)

    assert (found.precision, found.recall, found.least_wholeness) == (1, 1, 1)
    assert found.ring_ari == pytest.approx(0.0)


def test_honest_accounts_that_are_flagged_are_counted_by_crowd():
    found = evaluate([ring("R-1", "abhij")], TRUTH)

    assert found.honest_flagged == 3
    assert dict(found.honest_by_crowd) == {"office": 2, "nobody in particular": 1}
    assert {"measure": "honest flagged: office", "value": 2} in found.rows()


def test_nothing_flagged_is_precise_and_finds_nothing():
    found = evaluate([], TRUTH)

    assert (found.precision, found.recall, found.f1, found.found) == (1.0, 0.0, 0.0, (0, 2))
    assert found.least_wholeness == pytest.approx(1 / 6)


def test_nothing_to_find_is_no_error():
    found = evaluate([], Truth({}, frozenset(), {}))

    assert (found.precision, found.recall, found.wholeness, found.ring_ari) == (1.0, 1.0, 1.0, 1.0)


def test_figures_are_rounded_for_people():
    assert {"measure": "F1", "value": 0.6667} in evaluate([ring("R-1", "abcde")], TRUTH).rows()


def test_truth_is_read_from_csv(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("account_id,ring,crowd,banned\n7,one,,true\n8,one,,false\n9,,office,false\n")

    truth = read_truth(path)

    assert truth == Truth({"7": "one", "8": "one"}, frozenset({"7"}), {"9": "office"})


def test_without_a_column_banned_every_account_of_a_ring_is_bad(tmp_path):
    path = tmp_path / "truth.csv"
    path.write_text("account_id,ring\na,one\nb,\n")

    assert read_truth(path) == Truth({"a": "one"}, frozenset({"a"}), {})


@pytest.mark.parametrize(
    ("text", "said"),
    [("who,what\na,b\n", "has no columns account_id and ring; it has what, who"), (None, "cannot be read")],
)
def test_what_is_no_truth_is_refused_by_name(tmp_path, text, said):
    path = tmp_path / "truth.csv"
    if text:
        path.write_text(text)

    with pytest.raises(DataError, match=f"truth.csv .*{said}"):
        read_truth(path)
