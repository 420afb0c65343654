"""The page says what became of a ring, and who was judged by nobody."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage import casework, pipeline, runs
from linkage.opening import open_case
from linkage.settings import Settings
from linkage.web.became import MOST_STEPS, NOTHING, became
from linkage.web.desk import Desk

AT = datetime(2026, 10, 5)  # noqa: DTZ001 - UTC
LATER = "2026-10-01T12:00:00Z"
PROMPT = '"You are a patient editor who explains hard things plainly to apprentices. Work through the matter of tides"'


def judge(path, subject, word):
    with open_case(path) as case:
        casework.judge(case, subject, word, reason="x", by="kim", at=AT)


def name(path):
    with open_case(path, reading=True) as case:
        return case.recall_rings()[0][1]["ring"]


@pytest.fixture
def joined(case, tmp_path):
    """Lets accounts with the ring's card act after everybody else, and gives the page over the case then."""

    def joined(count):
        new = [f"acct_n{number}" for number in range(count)]
        for table, head, row in (
            ("events", "account_id,timestamp,ip,prompt", f"{LATER},198.51.100.7,{PROMPT}"),
            ("payments", "account_id,fingerprint", "fp_shared_by_the_ring"),
        ):
            rows = "".join(f"{account},{row}\n" for account in new)
            (tmp_path / f"{table}.csv").write_text(f"{head}\n{rows}")
        pipeline.ingest([str(tmp_path / "events.csv"), str(tmp_path / "payments.csv")], case, Settings())
        return new, Desk(case, Settings(), "kim", lambda: AT)

    return joined


def test_a_judged_ring_is_open_again_when_accounts_join_which_nobody_judged(case, joined):
    ring = name(case)
    judge(case, ring, "confirm")
    new, desk = joined(3)

    (queued,) = [each for each in desk.queue()["rings"] if each["ring"] == ring]
    told = desk.ring(ring)["became"]
    account = desk.ring(ring)["picture"]["members"]["account"]

    assert (queued["verdict"], queued["state"], queued["again"]) == ("confirm", "returned", True)
    assert told["state"] == "returned"
    assert told["joined"] == told["since"]
    assert sorted(account[place] for place in told["since"]) == new
    assert [step["what"] for step in told["steps"]] == ["new", "returned"]


def test_it_is_closed_once_they_are_judged_as_well(case, joined):
    ring = name(case)
    judge(case, ring, "confirm")
    _, desk = joined(3)

    desk.judge([ring], "confirm", "they too", desk.ring(ring)["run"])

    assert not desk.queue()["rings"][0]["again"]
    assert desk.ring(ring)["became"]["since"] == []


def test_what_is_said_while_the_case_has_newer_rows_counts_as_well(case, joined, tmp_path):
    ring = name(case)
    judge(case, ring, "confirm")
    _, desk = joined(3)
    (tmp_path / "more.csv").write_text("account_id,timestamp\nacct_new,2026-10-02T00:00:00Z\n")
    pipeline.ingest([str(tmp_path / "more.csv")], case, Settings())

    desk.judge([ring], "confirm", "they too", desk.ring(ring)["run"])

    assert desk.queue()["stale"]
    assert not desk.queue()["rings"][0]["again"]
    assert desk.ring(ring)["became"]["since"] == []


@pytest.mark.parametrize(("count", "again"), [(1, False), (4, True)])
def test_a_dismissed_ring_is_open_again_with_news_only(case, joined, count, again):
    ring = name(case)
    judge(case, ring, "dismiss")
    _, desk = joined(count)

    (queued,) = [each for each in desk.queue()["rings"] if each["ring"] == ring]

    assert queued["accounts"] == 8 + count
    assert queued["again"] is again
    assert bool(desk.ring(ring)["became"]["news"]) is again


def test_of_a_ring_that_nobody_judged_everything_is_to_be_judged_and_nothing_is_news(case):
    with open_case(case, reading=True) as opened:
        finding = runs.last_run(opened, Settings())
        told = became(opened, finding.rings)[finding.rings[0].ring]

    assert (told["since"], told["joined"], told["news"], told["more"]) == ([], [], [], 0)


def test_without_a_case_nothing_is_known_of_a_life(case):
    with open_case(case, reading=True) as opened:
        rings = runs.last_run(opened, Settings()).rings

    assert became(None, rings) == {ring.ring: NOTHING for ring in rings}
    assert MOST_STEPS > 10
