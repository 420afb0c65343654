"""The page asks and says a handful of things, and anything else is answered with a sentence."""

from __future__ import annotations

import asyncio
import json

import duckdb
import pytest

from linkage.opening import open_case
from linkage.web.files import SCRIPTS
from linkage.web.server import _of_tables


def ring_of(page):
    return page.client.get("/api/queue").json()["rings"][0]["ring"]


def test_the_queue_lists_rings_without_members(opened):
    told = opened.client.get("/api/queue").json()

    (ring,) = told["rings"]
    assert ring["score"] > 0.9
    assert ring["verdict"] is None
    assert "members" not in ring or ring["members"] == []
    assert told["csrf"] == opened.app.csrf


def test_a_ring_comes_with_its_picture_and_commands_to_paste(opened, world):
    name = ring_of(opened)

    told = opened.client.get("/api/ring", params={"ring": name}).json()

    assert sorted(told["picture"]["members"]["account"]) == sorted(world.ring)
    assert told["history"] == []
    assert any(line.startswith(f"linkage export {name} ") for _, line in told["commands"])


@pytest.mark.parametrize("name", ["", "R-NOTHERE", "<script>", "' or 1=1 --", "\x00", "x" * 5000])
def test_a_ring_that_is_not_there_is_a_sentence(opened, name):
    answer = opened.client.get("/api/ring", params={"ring": name})

    assert answer.status_code == 409
    assert "no such ring" in answer.json()["error"]


@pytest.mark.parametrize("words", ["acct_r3", "ACCT_R3", "…y_the_ring"[-6:]])
def test_a_search_finds_rings_by_member_and_by_identifier(opened, words):
    assert opened.client.get("/api/find", params={"q": words}).json()["rings"] == [ring_of(opened)]


def test_a_search_for_what_is_nowhere_finds_nothing(opened):
    assert opened.client.get("/api/find", params={"q": "acct_h001"}).json()["rings"] == []


@pytest.mark.parametrize("word", ["confirm", "dismiss", "watch"])
def test_a_judgement_reaches_the_case_and_its_audit_log(opened, word):
    name = ring_of(opened)

    answer = opened.posts({"subjects": [name], "judgement": word, "reason": "  seen it  "})

    assert answer.json()["queue"]["rings"][0]["verdict"] == word
    with open_case(opened.desk.path) as case:
        ((subject, judgement, reason, by, _),) = case.judgements()
        ((_, line, _),) = case.database.execute("from audit").fetchall()
    assert (subject, judgement, reason, by) == (name, word, "seen it", "kim")
    assert json.loads(line)["what"] == "judge"


def test_an_undo_brings_the_judgement_before_it_back_and_erases_nothing(opened):
    name = ring_of(opened)
    for word in ("watch", "confirm", "undo"):
        answer = opened.posts({"subjects": [name], "judgement": word, "reason": "so"})

    told = opened.client.get("/api/ring", params={"ring": name}).json()
    assert answer.json()["queue"]["rings"][0]["verdict"] == told["verdict"] == "watch"
    assert [line["judgement"] for line in told["history"]] == ["watch", "confirm", "undo"]


def test_members_are_judged_each_with_a_line_of_its_own(opened, world):
    answer = opened.posts({"subjects": list(world.ring[:3]), "judgement": "dismiss", "reason": "interns"})

    assert answer.status_code == 200
    told = opened.client.get("/api/ring", params={"ring": ring_of(opened)}).json()
    assert told["verdicts"] == dict.fromkeys(world.ring[:3], "dismiss")
    assert told["verdict"] is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"subjects": ["acct_h001"], "judgement": "confirm", "reason": "x"}, 409),
        ({"subjects": ["nobody"], "judgement": "confirm", "reason": "x"}, 409),
        ({"subjects": [], "judgement": "confirm", "reason": "x"}, 409),
        ({"subjects": ["acct_r1"], "judgement": "block", "reason": "x"}, 400),
        ({"subjects": ["acct_r1"], "judgement": "confirm", "reason": "  "}, 400),
        ({"subjects": ["acct_r1"], "judgement": "confirm", "reason": "x" * 4001}, 400),
        ({"subjects": "acct_r1", "judgement": "confirm", "reason": "x"}, 400),
        ({"subjects": [1], "judgement": "confirm", "reason": "x"}, 400),
        ([], 400),
        ("confirm", 400),
    ],
)
def test_what_cannot_be_judged_is_a_sentence_and_changes_nothing(opened, body, status):
    answer = opened.posts(body)

    assert answer.status_code == status
    assert answer.json()["error"]
    with open_case(opened.desk.path) as case:
        assert case.judgements() == []


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 50_000, b"\xff\xfe", b"NaN"])
def test_what_is_no_json_is_a_sentence(opened, content):
    headers = {
        "origin": "http://127.0.0.1:8765",
        "x-csrf": opened.app.csrf,
        "content-type": "application/json",
    }

    answer = opened.client.post("/api/judge", content=content, headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_served_as_what_they_are(opened, name):
    answer = opened.client.get(f"/static/{name}")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["/static/page.html", "/static/../desk.py", "/static/%2e%2e/desk.py", "/favicon.ico", "/docs"]
)
def test_no_other_file_is_served(opened, path):
    assert opened.client.get(path).status_code == 404


def test_a_full_disk_is_told_to_the_page_as_a_sentence():
    answer = asyncio.run(
        _of_tables(None, duckdb.TransactionException("Failed to commit: No space left on device"))
    )

    assert answer.status_code == 409
    assert b"the disk is full" in answer.body
    with pytest.raises(duckdb.ParserException):
        asyncio.run(_of_tables(None, duckdb.ParserException("select is misspelt")))
