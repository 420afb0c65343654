"""The case is never held open: others read and change it meanwhile, and the page follows."""

from __future__ import annotations

from datetime import datetime

import pytest

from linkage import casework, pipeline, runs
from linkage.errors import DataError
from linkage.opening import open_case
from linkage.settings import Settings
from linkage.web.desk import MOST_AT_ONCE, STALE

AT = datetime(2026, 10, 6)  # noqa: DTZ001 - UTC


def name(page):
    return page.desk.queue()["rings"][0]["ring"]


def test_another_command_can_open_the_case_while_the_page_is_served(page):
    with open_case(page.desk.path) as case:
        assert case.judgements() == []


def test_what_another_command_judges_is_seen(page):
    ring = name(page)
    with open_case(page.desk.path) as case:
        casework.judge(case, ring, "confirm", reason="by hand", by="lee", at=AT)

    assert page.desk.queue()["rings"][0]["verdict"] == "confirm"
    assert page.desk.ring(ring)["last"]["by"] == "lee"


def test_while_another_command_has_the_case_the_page_shows_what_it_knows(page, monkeypatch):
    ring = name(page)
    page.desk.path.touch()

    def taken(*_, **__):
        raise DataError("another program has it open; wait for it to end")

    monkeypatch.setattr("linkage.web.desk.open_case", taken)

    assert "another program" in page.desk.queue()["stale"]
    assert page.desk.ring(ring)["picture"]["ring"]["ring"] == ring
    with pytest.raises(DataError, match="another program"):
        page.desk.judge([ring], "watch", "why")


def test_newer_rows_are_said_and_what_was_shown_stays(page, tmp_path):
    ring = name(page)
    (tmp_path / "more.csv").write_text("account_id,timestamp\nacct_new,2026-09-20T00:00:00Z\n")
    pipeline.ingest([str(tmp_path / "more.csv")], page.desk.path, Settings())

    told = page.desk.queue()

    assert told["stale"] == STALE
    assert [each["ring"] for each in told["rings"]] == [ring]


def test_what_others_changed_is_read_once(page, monkeypatch):
    page.desk.path.touch()
    page.desk.queue()
    monkeypatch.setattr("linkage.web.desk.open_case", None)

    page.desk.queue()


def test_no_more_members_are_judged_at_once_than_the_log_bears(page, monkeypatch, world):
    monkeypatch.setattr("linkage.web.desk.MOST_AT_ONCE", 3)

    with pytest.raises(DataError, match="no more than 3"):
        page.desk.judge(list(world.ring[:4]), "watch", "why")
    assert MOST_AT_ONCE > 100


def test_a_ring_without_a_kept_picture_is_drawn_when_it_is_looked_at(page):
    ring = name(page)
    kept = page.desk.ring(ring)["picture"]
    with open_case(page.desk.path) as case, case.changing():
        case.keep_pictures({}, anew=True)

    page.desk.queue()

    assert page.desk.ring(ring)["picture"] == kept


def test_a_judgement_of_what_somebody_saw_before_the_last_run_is_not_taken(page, tmp_path):
    told = page.desk.ring(name(page))
    (tmp_path / "more.csv").write_text("account_id,timestamp\nacct_new,2026-09-20T00:00:00Z\n")
    pipeline.ingest([str(tmp_path / "more.csv")], page.desk.path, Settings())
    with runs.current(page.desk.path, Settings()):
        pass

    with pytest.raises(DataError, match="load the page again"):
        page.desk.judge([name(page)], "confirm", "why", told["run"])

    page.desk.judge([name(page)], "confirm", "why", page.desk.ring(name(page))["run"])


def test_a_ring_of_an_earlier_run_is_not_drawn_from_a_later_one(page, tmp_path):
    ring = name(page)
    (tmp_path / "more.csv").write_text("account_id,timestamp\nacct_new,2026-09-20T00:00:00Z\n")
    pipeline.ingest([str(tmp_path / "more.csv")], page.desk.path, Settings())
    with runs.current(page.desk.path, Settings()):
        pass
    page.desk._read.pictures.clear()

    with pytest.raises(DataError, match="load the page again"):
        page.desk.ring(ring)


def test_a_case_that_is_gone_is_a_sentence(page):
    ring = name(page)
    page.desk.path.unlink()

    assert "there is no case" in page.desk.queue()["stale"]
    assert page.desk.ring(ring)["picture"]["ring"]["ring"] == ring
    with pytest.raises(DataError, match="there is no case"):
        page.desk.judge([ring], "watch", "why")
