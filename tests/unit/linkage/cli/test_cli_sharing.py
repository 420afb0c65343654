"""The commands by which labs share: each says what it did, refuses with a reason, and leaves a trail."""

from __future__ import annotations

import base64
import json
import stat

import duckdb
import pytest
from labs import files_of


@pytest.fixture
def a(desks):
    return desks[0]


@pytest.fixture
def b(desks):
    return desks[1]


@pytest.fixture
def ring(a):
    """The one ring, confirmed at lab a."""
    (found,) = json.loads(a("rings", "--format", "json", "--min-score", 0).out)
    assert a("judge", found["ring"], "confirm", "--reason", "same card", "--by", "kim").code == 0
    return found["ring"]


def refused(done, code, *words):
    assert done.code == code, done.err
    assert done.out == ""
    for word in words:
        assert word in done.err
    assert "bug of ours" not in done.err


def test_two_labs_from_keys_to_an_answer(a, b, ring, tmp_path):
    out, answer = tmp_path / "out", tmp_path / "answer"
    assert a("keys pair", "lab-b", "--out", tmp_path / "pair.key").code == 0
    assert b("keys pair", "lab-a", "--from", tmp_path / "pair.key").code == 0

    sent = a("export", "--for", "lab-b", "--to", out)
    taken = b("import", out, "--from", "lab-a")
    matched = b("match", "--format", "json")

    assert sent.code == taken.code == matched.code == 0
    assert f"list 1 for lab-b: 9 files in {out}; new {ring}" in sent.err
    assert "took in list 1 from lab-a: 1 rings, 3 selectors" in taken.err
    rows = json.loads(matched.out)
    assert {(row["ring"], row["kind"], row["standing"], row["accounts"]) for row in rows} == {
        (ring, "ip", "seed", 8),
        (ring, "template", "seed", 8),
    }
    assert "8 accounts are seeds for a look" in matched.err

    said = b("dispute", ring, "--with", "lab-a", "--say", "seen", "--accounts", 8, "--to", answer)
    heard = a("import", answer, "--from", "lab-b")
    assert said.code == heard.code == 0
    assert f"lab-b on {ring}: seen, with 5 accounts or more" in heard.err

    assert a("revoke", ring, "--reason", "a class").code == 0
    again = a("export", "--for", "lab-b", "--to", out)
    gone = b("import", out, "--from", "lab-a")
    assert f"taken back {ring}" in again.err
    assert f"taken back by lab-a: {ring}" in gone.err
    assert "8 accounts are pointed to by nothing else" in gone.err
    assert json.loads(b("match", "--format", "json").out) == []
    for lab in (a, b):
        assert lab("audit", "--verify").code == 0


def test_the_same_export_twice_is_the_same_to_the_byte(a, ring, tmp_path):
    assert a("export", "--for", "lab-b", "--to", tmp_path / "one").code == 0
    again = a("export", "--for", "lab-b", "--to", tmp_path / "two")

    assert "list 1 for lab-b, the same as the last" in again.err
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert ring in (tmp_path / "one" / "rings.jsonl").read_text()


def test_a_dry_run_writes_nothing_and_says_what_is_held_back(a, ring, tmp_path, contents):
    before = contents(a.folder / "linkage.duckdb")

    done = a("export", "--for", "lab-b", "--to", tmp_path / "out", "--dry-run")

    assert done.code == 0
    assert "nothing was written" in done.err
    assert "no key is shared with this partner yet" in done.out
    assert ring in done.out
    assert not (tmp_path / "out").exists()
    assert contents(a.folder / "linkage.duckdb") == before


@pytest.mark.parametrize(
    "refusal",
    [
        (["--tlp", "red"], 2, "amber+strict"),
        (["--tlp", "RED"], 2, "amber+strict"),
        (["--tlp", ""], 2, "amber+strict"),
        (["R-NOBODY"], 3, "no such ring"),
        (["--also", "sigma"], 4, "nft"),
        (["--out", "x.csv"], 2, "--to FOLDER"),
    ],
)
def test_a_refused_export_writes_nothing_and_ends_with_a_code(a, ring, tmp_path, contents, refusal):
    arguments, code, word = refusal
    before = contents(a.folder / "linkage.duckdb")

    done = a("export", *arguments, "--for", "lab-b", "--to", tmp_path / "out")

    refused(done, code, word)
    assert ring not in done.err
    assert not (tmp_path / "out").exists()
    assert contents(a.folder / "linkage.duckdb") == before


def test_what_nobody_confirmed_what_was_dismissed_and_whom_nobody_knows_is_refused(a, tmp_path):
    (found,) = json.loads(a("rings", "--format", "json", "--min-score", 0).out)
    name = found["ring"]
    to = ["--to", tmp_path / "out"]

    refused(a("export", "--for", "lab-b", *to), 3, "no ring was confirmed")
    refused(a("export", name, "--for", "lab-b", *to), 3, "nobody confirmed")
    refused(a("export", name, "--for", "lab-z", *to), 4, "lab-z is not listed")
    refused(a("export", name, "--for", "lab-b"), 2, "--to FOLDER")
    a("judge", name, "dismiss", "--reason", "a class")
    refused(a("export", name, "--for", "lab-b", *to), 3, "dismissed")
    refused(a("export", name, "--for", "lab-b", "--unreviewed", *to), 3, "dismissed")
    assert not (tmp_path / "out").exists()


def test_an_unreviewed_ring_goes_out_when_asked_and_says_so(a, tmp_path):
    done = a("export", "1", "--for", "lab-b", "--to", tmp_path / "out", "--unreviewed", "--min-score", 0)

    assert done.code == 0, done.err
    (told,) = map(json.loads, (tmp_path / "out" / "rings.jsonl").read_text().splitlines())
    assert (told["reviewed"], told["reviewers"]) == (False, 0)


def test_a_refused_import_leaves_the_case_as_it_was(a, b, ring, tmp_path, contents):
    a("export", "--for", "lab-b", "--to", tmp_path / "out")
    with (tmp_path / "out" / "rings.jsonl").open("ab") as file:
        file.write(b" ")
    before = contents(b.folder / "linkage.duckdb")

    refused(b("import", tmp_path / "out", "--from", "lab-a"), 3, "rings.jsonl")
    refused(b("import", tmp_path / "out", "--from", "lab-z"), 4, "lab-z is not listed")
    refused(b("import", tmp_path / "nowhere", "--from", "lab-a"), 3, "is no signed list")
    refused(b("import", tmp_path / "nowhere.json", "--from", "lab-a", "--unsigned"), 3, "nowhere.json")
    assert contents(b.folder / "linkage.duckdb") == before
    assert ring


def test_keys_are_written_for_their_owner_alone_and_never_over_a_file(a, tmp_path):
    for name, *option in (["keys backup"], ["keys pair", "lab-b", "--out"]):
        path = tmp_path / f"{name}.key"
        first = a(name, *option, path)

        assert first.code == 0
        assert first.out.startswith("RW")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        before = path.read_bytes()
        refused(a(name, *option, path), 3, "is there already")
        assert path.read_bytes() == before


def test_no_secret_is_printed(a, tmp_path):
    said = [
        a("keys show"),
        a("keys pair", "lab-b", "--out", tmp_path / "p"),
        a("keys backup", tmp_path / "k"),
    ]
    said.append(a("audit", "--format", "json"))
    secrets = json.loads((tmp_path / "k").read_text())["keys"].values()

    assert len(secrets) == 3
    for text in secrets:
        seed = base64.b64decode(text)[:32]
        for done in said:
            for form in (text, seed.hex(), base64.b64encode(seed).decode(), base64.b32encode(seed).decode()):
                assert form not in done.out + done.err


def test_a_backup_makes_a_new_case_speak_in_the_same_name(a, tmp_path, linkage, world):
    a("keys pair", "lab-b", "--out", tmp_path / "pair.key")
    assert a("keys backup", tmp_path / "backup").code == 0
    linkage("ingest", world.folder, "--case", tmp_path / "new.duckdb")
    fresh = ["--case", tmp_path / "new.duckdb", "--settings", a.folder / "linkage.toml"]

    done = linkage("keys", "restore", tmp_path / "backup", *fresh)

    assert done.err.endswith("3 keys restored\n")
    assert done.out == a("keys show").out
    assert linkage("keys", "pair", "lab-b", "--from", tmp_path / "pair.key", *fresh).code == 0


def test_a_backup_is_refused_by_a_case_with_other_keys(a, b, tmp_path):
    a("keys backup", tmp_path / "backup")
    mine = b.key()

    refused(b("keys restore", tmp_path / "backup"), 3, "other keys")
    assert b.key() == mine


@pytest.mark.parametrize(
    "arguments",
    [
        ["lab-b"],
        ["lab-b", "--renew"],
        ["lab-b", "--out", "x", "--from", "y"],
    ],
    ids=" ".join,
)
def test_a_pair_key_is_either_made_or_taken(a, tmp_path, arguments):
    refused(a("keys pair", *arguments), 2, "take one of")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("option", ["--out", "--from"])
def test_a_key_is_shared_only_with_a_partner_that_is_listed(a, b, tmp_path, option, contents):
    b("keys pair", "lab-a", "--out", tmp_path / "there")
    before = contents(a.folder / "linkage.duckdb")

    done = a("keys pair", "lab-z", option, tmp_path / ("new" if option == "--out" else "there"))

    refused(done, 3, "lab-z is not listed")
    assert contents(a.folder / "linkage.duckdb") == before


def test_an_answer_needs_a_reason_and_a_ring_of_theirs(a, b, ring, tmp_path):
    a("export", "--for", "lab-b", "--to", tmp_path / "out")
    to = ["--with", "lab-a", "--to", tmp_path / "answer"]
    refused(b("dispute", ring, *to, "--reason", "no"), 3, "told of no such ring")
    b("import", tmp_path / "out", "--from", "lab-a")

    refused(b("dispute", ring, *to), 2, "say why you disagree")
    refused(b("dispute", ring, *to, "--reason", "x" * 501), 2, "500")
    refused(b("dispute", "R-TYPO22", *to, "--reason", "x"), 3, "told of no such ring")
    refused(b("dispute", ring, *to, "--reason", "x", "--say", "maybe"), 2, "strongly-disagree")
    refused(
        b("dispute", ring, "--with", "lab-z", "--to", tmp_path / "answer", "--reason", "x"),
        4,
        "lab-z is not listed",
    )
    assert not (tmp_path / "answer").exists()
    assert b("dispute", ring.lower(), *to, "--reason", "a class", "--say", "strongly-disagree").code == 0
    assert "strongly-disagree (a class)" in a("import", tmp_path / "answer", "--from", "lab-b").err


def test_what_was_never_shared_cannot_be_taken_back(a, ring):
    refused(a("revoke", ring, "--reason", "x"), 3, "no partner was told")
    refused(a("revoke", ring, "--reason", " "), 2, "say why")


def test_the_log_lists_who_did_what_and_finds_a_changed_line(a, ring, tmp_path):
    a("export", "--for", "lab-b", "--to", tmp_path / "out", "--by", "lee")
    lines = json.loads(a("audit", "--format", "json").out)
    assert [(line["what"], line["by"]) for line in lines] == [("judge", "kim"), ("export", "lee")]
    assert lines[0]["details"]["subject"] == ring
    assert a("audit", "--verify").code == 0

    database = duckdb.connect(str(a.folder / "linkage.duckdb"))
    database.execute("update audit set document = replace(document, 'kim', 'nim') where number = 1")
    database.close()

    refused(a("audit", "--verify"), 3, "line 1 was changed after it was written")


def test_no_address_card_prompt_or_key_is_in_the_log(a, b, ring, tmp_path):
    a("keys pair", "lab-b", "--out", tmp_path / "pair.key")
    b("keys pair", "lab-a", "--from", tmp_path / "pair.key")
    a("export", "--for", "lab-b", "--to", tmp_path / "out")
    b("import", tmp_path / "out", "--from", "lab-a")
    b("match")
    b("dispute", ring, "--with", "lab-a", "--to", tmp_path / "answer", "--say", "agree")
    a("import", tmp_path / "answer", "--from", "lab-b")
    a("revoke", ring, "--reason", "x")

    told = a("audit", "--format", "json").out + b("audit", "--format", "json").out

    assert {line["what"] for line in json.loads(a("audit", "--format", "json").out)} == {
        "judge", "keys", "export", "import", "revoke",
    }  # fmt: skip
    key = (tmp_path / "pair.key").read_text().strip()
    for secret in ("198.51.100", "fp_shared", "patient editor", "acct_", key):
        assert secret not in told


def test_every_sharing_command_without_a_case_says_how_to_make_one(linkage, tmp_path):
    (tmp_path / "linkage.toml").write_text('[sharing]\nname = "lab-a"\n[sharing.partners]\nlab-b = []\n')
    for arguments in (
        ["keys", "show"],
        ["match"],
        ["audit"],
        ["revoke", "R-1", "--reason", "x"],
        ["dispute", "R-1", "--with", "lab-b", "--to", "x", "--reason", "x"],
        ["import", "x", "--from", "lab-b"],
        ["export", "--for", "lab-b", "--to", "x"],
    ):
        done = linkage(*arguments)
        assert done.code == 3, arguments
        assert "there is no case at linkage.duckdb" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["linkage.toml"]


def test_a_new_case_goes_on_where_the_lost_one_stopped(a, ring, tmp_path, linkage, world):
    assert ring in a("export", "--for", "lab-b", "--to", tmp_path / "first").err
    a("keys backup", tmp_path / "backup")
    linkage("ingest", world.folder, "--case", tmp_path / "new.duckdb")
    fresh = ["--case", tmp_path / "new.duckdb", "--settings", a.folder / "linkage.toml"]

    refused(linkage("keys", "continue", tmp_path / "first", *fresh), 3, "keys that signed it")
    linkage("keys", "restore", tmp_path / "backup", *fresh)
    done = linkage("keys", "continue", tmp_path / "first", *fresh)

    assert done.err.endswith("the next list to lab-b is list 2\n")
    assert done.out == a("keys show").out
