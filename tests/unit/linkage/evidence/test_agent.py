"""User agents add to what other evidence says; alone they link nobody."""

from __future__ import annotations

from datetime import datetime

from linkage.evidence.kinds.agent import SHOWN, SharedAgent
from linkage.links import link_accounts
from linkage.pairs import pair_accounts
from linkage.settings import LinkSettings, PairSettings

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
BUILD = "batch/1.4 (nightly)"


def clients(rare, others):
    """So many accounts with a build of their own, and so many with a browser that all others have."""
    return [
        {
            "account_id": f"acct_{number:04}",
            "happened_at": AT,
            "user_agent": BUILD if number < rare else "browser/130.0",
        }
        for number in range(rare + others)
    ]


def test_a_rare_build_says_no_more_than_five_bits_and_a_common_browser_next_to_nothing(collect, worth):
    found = worth(collect(events=clients(4, 996)))

    assert found[BUILD]["bits"] > found[BUILD]["cap"] == 5.0
    assert found["browser/130.0"]["bits"] < 0.01
    assert found["browser/130.0"]["why"] == "a hub: 996 holders"


def test_a_user_agent_alone_links_nobody_and_pairs_nobody(collect):
    evidence = collect(events=clients(4, 996))

    assert not any(row["creates"] for row in evidence.identifiers.arrow().to_pylist())
    assert len(link_accounts(evidence, LinkSettings()).spokes) == 0
    assert len(pair_accounts(evidence, PairSettings())) == 0


def test_space_says_nothing_and_neither_does_a_word_for_no_value(collect, worth):
    agents = ["batch/1.4", " batch/1.4 ", "unknown", "unknown", "-", "-"]
    rows = [
        {"account_id": f"acct_{number}", "happened_at": AT, "user_agent": agent}
        for number, agent in enumerate(agents)
    ]

    assert worth(collect(events=rows)).keys() == {"batch/1.4"}


def test_a_long_one_is_shown_by_how_it_begins():
    long = "Browser/5.0 (" + "platform; " * 20 + ")"

    assert SharedAgent().caption("batch/1.4") == "batch/1.4"
    assert len(SharedAgent().caption(long)) == SHOWN
    assert SharedAgent().caption(long).endswith("…")
