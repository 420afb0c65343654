"""Two axes, one score, and an honest reading where there is one."""

from __future__ import annotations

from math import exp

import pytest

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.rings.membership import weigh_members
from linkage.scores.benign import benign_explanations
from linkage.scores.calibration import combine
from linkage.scores.combine import UNKNOWN, score_rings
from linkage.scores.extraction import Extraction
from linkage.scores.observe import observe
from linkage.settings import ScoreSettings


@pytest.mark.parametrize(
    ("linked", "odds", "both"), [(0.9, 1.3863, 0.72), (1.0, 30.0, 1.0), (1.0, -30.0, 0.0)]
)
def test_the_log_odds_are_those_that_both_hold(linked, odds, both):
    assert 1 / (1 + exp(-combine(linked, odds))) == pytest.approx(both, abs=1e-3)


@pytest.fixture
def told(make_logs, grouped):
    """Two rings of eight with a card each amid three hundred; what is said of the first goes to its accounts."""

    def told(**facts):
        names = [f"acct_{n:03}" for n in range(316)]
        accounts = [{"account_id": name} | (facts if n < 8 else {}) for n, name in enumerate(names)]
        payments = [
            {"account_id": name, "fingerprint": "one" if n < 8 else "two" if n < 16 else name}
            for n, name in enumerate(names)
        ]
        logs = make_logs(accounts=accounts, payments=payments)
        kinds, settings = chosen_kinds({})
        evidence = collect_evidence(logs, kinds, settings)
        _, members = grouped(logs, {0: names[:8], 1: names[8:16]})
        return weigh_members(members, evidence, selection=2.0), evidence, logs, kinds

    return told


def rings(told, **options):
    membership, evidence, logs, kinds = told
    return score_rings(
        membership,
        evidence,
        observe(logs, evidence),
        kinds,
        ScoreSettings(),
        names={0: "R-B", 1: "R-A"},
        known=frozenset({"R-A"}),
        **options,
    )


def test_rings_come_best_first_and_equals_by_name(told):
    assert [(ring.ring, ring.state) for ring in rings(told())] == [("R-A", "known"), ("R-B", "new")]
    assert [ring.ring for ring in rings(told(extraction_score=0.9))] == ["R-A", "R-B"]


def test_a_ring_says_what_ties_it_and_who_belongs(told):
    ring = rings(told())[0]

    assert [reason.sentence for reason in ring.evidence] == ["1 card pays for 8 accounts"]
    assert [member.account_id for member in ring.members] == [f"acct_{n:03}" for n in range(8, 16)]
    assert (ring.accounts, ring.events, ring.extraction, ring.judgement, ring.q_value) == (
        8,
        0,
        None,
        None,
        None,
    )
    assert ring.score == round(UNKNOWN * ring.linked, 4) < 0.7


def test_a_ring_on_the_allowlist_is_no_finding_and_says_why(told):
    allowed = {f"acct_{n:03}": "licensed research" for n in range(8)} | {"acct_008": "ours"}
    by_name = {ring.ring: ring for ring in rings(told(extraction_score=0.9), allowed=allowed)}

    assert (by_name["R-B"].score, by_name["R-B"].benign_explanation) == (
        0.0,
        "on the allowlist: licensed research",
    )
    assert by_name["R-B"].linked > 0.9
    assert by_name["R-A"].benign_explanation != "on the allowlist: ours"
    assert [member.account_id for member in by_name["R-A"].members if member.role == "allowed"] == [
        "acct_008"
    ]


def said(told, chance, **facts):
    membership, evidence, logs, _ = told(**facts)
    extraction = Extraction({}, {0: {}, 1: {}}, {})
    return benign_explanations(membership, evidence, logs, extraction, {0: chance, 1: chance})


@pytest.mark.parametrize("facts", [{"org": "Example Ltd"}, {"email_domain": "example.com"}])
def test_members_of_one_organisation_have_an_honest_reading(told, facts):
    assert said(told, None, **facts) == {0: "8 of 8 members are of one organisation"}
    assert said(told, 0.2, **facts) == {0: "8 of 8 members are of one organisation"}


def test_no_honest_reading_is_offered_where_behaviour_speaks_for_extraction(told):
    assert said(told, 0.5, org="Example Ltd") == {}


def test_no_honest_reading_is_offered_where_none_fits(told):
    assert said(told, 0.1) == {}
    assert said(told, 0.1, org="") == {}
