"""A case goes on from evidence that was worked out elsewhere, and says what it cannot show."""

from __future__ import annotations

import json

import pytest

from linkage import handed, pipeline
from linkage.errors import DataError
from linkage.evidence.ageing import end_of
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.opening import open_case
from linkage.scores.observe import add_up
from linkage.settings import Settings, load_settings


@pytest.fixture
def handed_case(case, world):
    """The case of the small world as Spark would leave it: evidence, and the events of the ring alone."""
    kinds, effective = chosen_kinds(Settings().evidence)
    with open_case(case) as opened:
        evidence = collect_evidence(opened.logs, kinds, effective)
        activity = add_up(opened.logs, evidence.people)
        given = handed.Handed(evidence, activity, end_of(opened.logs), len(opened.logs.events), 48)
        with opened.changing():
            handed.keep(opened, given, Settings())
            opened.database.execute(
                "delete from events where not list_contains(?, account_id)", [list(world.ring)]
            )
    return case


def test_rings_are_those_of_the_events_that_stayed_elsewhere(linkage, case_of_world, handed_case):
    words = ("--format", "json", "--members", "--min-score", "0")

    whole = linkage("rings", "--case", case_of_world, *words)
    found = linkage("rings", "--case", handed_case, *words)

    assert found.code == 0
    assert found_of(found) == found_of(whole) != []


def found_of(done):
    """Leave out what became of a ring since the run before."""
    what = ("ring", "score", "linked", "extraction", "q_value", "events", "evidence", "members")
    return [{name: ring[name] for name in what} for ring in json.loads(done.out)]


def test_each_command_says_which_events_the_case_has(linkage, handed_case, world):
    for words in (["rings"], ["ring", "1"], ["explain", world.ring[0]]):
        done = linkage(*words, "--case", handed_case)

        assert done.code == 0
        assert "of 648 events this case holds the 48 of accounts that were in a ring" in done.err


def test_an_account_whose_events_stayed_elsewhere_is_explained_without_them(linkage, handed_case):
    assert linkage("explain", "acct_h001", "--case", handed_case).code == 0


def test_an_account_whose_events_stayed_elsewhere_can_be_judged(linkage, handed_case):
    with open_case(handed_case) as case:
        case.database.execute("delete from accounts where account_id = 'acct_h001'")
        case.database.execute("delete from payments where account_id = 'acct_h001'")

    done = linkage("judge", "acct_h001", "watch", "--reason", "looks odd", "--case", handed_case)

    assert done.code == 0, done.err


def test_other_settings_of_evidence_ask_for_the_sources_again(handed_case, tmp_path):
    (tmp_path / "linkage.toml").write_text("[evidence.ip]\ncap = 3.0\n")
    other = load_settings(tmp_path / "linkage.toml", environment={}).settings

    with open_case(handed_case) as case, pytest.raises(DataError, match="with --engine again"):
        pipeline.find(case.logs, other, case=case)


def test_other_settings_of_rings_do_not(handed_case):
    other = Settings().model_copy(update={"seed": 2})

    with open_case(handed_case) as case:
        assert pipeline.find(case.logs, other, case=case).rings


def test_a_case_takes_events_in_one_way_only(linkage, handed_case, case_of_world, world):
    without = linkage("ingest", world.folder, "--case", handed_case)
    with_it = linkage("ingest", world.folder, "--case", case_of_world, "--engine", "local[1]")

    assert (without.code, with_it.code) == (3, 3)
    assert "ingest with --engine, or name another --case" in without.err
    assert "were ingested without --engine: name another --case" in with_it.err


def test_an_unknown_engine_is_refused_before_anything_is_read(linkage, world):
    done = linkage("ingest", world.folder, "--engine", "duck")

    assert done.code == 4
    assert "there is no such engine" in done.err
