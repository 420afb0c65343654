"""What people do in a case: judge, decide, list."""

from __future__ import annotations

import pytest
from cases import AT

from linkage import casework, runs
from linkage.errors import DataError
from linkage.opening import open_case
from linkage.settings import Settings


def test_only_what_the_case_knows_can_be_judged(case):
    with open_case(case) as opened:
        assert casework.judge(opened, "acct_r0", "watch", reason="x", by="ann", at=AT) == "acct_r0"
        with pytest.raises(DataError, match="no such ring or account"):
            casework.judge(opened, "ACCT_R0", "watch", reason="x", by="ann", at=AT)


def test_a_ring_is_judged_by_its_place_unless_an_account_has_that_name(case):
    with open_case(case) as opened:
        best = runs.find_in_case(opened, Settings()).rings[0].ring
        assert casework.judge_all(opened, ["1", best], "watch", reason="x", by="ann", at=AT) == [best]
        with pytest.raises(DataError, match="no such ring or account"):
            casework.judge(opened, "99", "watch", reason="x", by="ann", at=AT)
        opened.database.execute("update accounts set account_id = '1' where account_id = 'acct_r0'")
        assert casework.judge(opened, "1", "watch", reason="x", by="ann", at=AT) == "1"


def test_decisions_name_rings_that_are_not_there(case):
    with open_case(case) as opened:
        finding = runs.find_in_case(opened, Settings())
        with pytest.raises(DataError, match="no ring R-NONE"):
            casework.decide_in(opened.logs, finding, block_at=0.7, rings=["R-NONE"])


def test_entries_carry_what_decisions_say(case, world):
    with open_case(case) as opened:
        finding = runs.find_in_case(opened, Settings())
        decisions = casework.decide_in(opened.logs, finding, block_at=0.0, case=opened)
    entries = casework.entries(decisions)

    assert [entry.account_id for entry in entries] == list(world.ring)
    assert {entry.action for entry in entries} == {"block"}
    assert all(entry.ring == finding.rings[0].ring and entry.reason for entry in entries)
