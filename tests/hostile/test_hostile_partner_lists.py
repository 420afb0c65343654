"""What a hostile partner writes into a list, an answer or a file comes out harmless, or does not come in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import unicodedata
from contextlib import ExitStack

import pytest
from labs import ADDRESS, NOW, Rows, a_ring, acquaint, fill, open_lab, strangers
from measured import run

from linkage.errors import DataError
from linkage.sharing import bounded
from linkage.sharing.feedback import FEEDBACK
from linkage.sharing.keyring import keyring
from linkage.sharing.manifest import Manifest
from linkage.sharing.model import Tlp
from linkage.sharing.records import Records
from linkage.sharing.staged import write_directory

ATTACKS = {
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x.example\x07click\x9b31m",
    "bidi": "R-7K2M9Q\u202e\u2066 is fine\u2069",
    "hidden": "a\u200b\u2060\ufeff\u3164b\U000e0041",
    "newline": "one\nlinkage: all is well\r\nthree\u2028four",
    "formula": '=HYPERLINK("http://x.example")',
    "markup": "[bold red]you[/] [link=http://x.example]here[/link]",
    "sql": '\'; drop table received; select "x" -- $$ ? $1',
    "format": "{0} {x} %s %n ${HOME} $(id) `id`",
}
each_attack = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
RING = "R-AAAAAA"


def harmless(text):
    """Say that nothing in a text acts on a terminal, hides, or turns its direction."""
    return not [
        letter
        for letter in text
        if letter != "\n" and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ]


def check(done):
    assert harmless(done.out), ascii(done.out)
    assert harmless(done.err), ascii(done.err)
    assert "bug of ours" not in done.err
    assert "Traceback" not in done.err


@pytest.fixture
def labs(tmp_path):
    """Lab a, which is hostile, and lab b, to which it writes."""
    with ExitStack() as stack:
        rows = Rows()
        strangers(rows, 3)
        rows.live("mine", ip=ADDRESS)
        a = open_lab(stack, tmp_path / "a", "lab-a", Rows())
        b = open_lab(stack, tmp_path / "b", "lab-b", rows)
        acquaint(a, b)
        yield a, b


@pytest.fixture
def signed(labs, tmp_path):
    """Sign any files as a list from lab a to lab b."""
    a, _ = labs
    made = []

    def signed(files):
        previous = made[-1].digest if made else None
        made.append(
            Manifest(
                producer="lab-a", recipient="lab-b", sequence=len(made) + 1, previous=previous, created=NOW,
                expires=NOW.replace(year=2099), tlp=Tlp.amber,
                files={name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
            )
        )  # fmt: skip
        document = made[-1].document()
        to = tmp_path / f"list_{len(made)}"
        write_directory(to, files, document, keyring(a.case).signing.sign(document, trusted_comment="x"))
        return to

    return signed


@pytest.fixture
def desk(labs, linkage, tmp_path):
    """Lab b at its command line, with its case closed in between."""
    _, b = labs

    def desk(command, *arguments):
        b.case.database.close()
        (tmp_path / "b" / "linkage.toml").write_text(
            '[sharing]\nname = "lab-b"\n[sharing.partners]\n'
            f"lab-a = {json.dumps(list(b.settings.partners['lab-a']))}\n"
        )
        return linkage(
            command, "--case", tmp_path / "b" / "linkage.duckdb", "--settings", tmp_path / "b" / "linkage.toml",
            *arguments,
        )  # fmt: skip

    return desk


def answer(text):
    return (
        json.dumps({"ring": RING, "word": "disagree", "accounts": 5, "explanation": text}) + "\n"
    ).encode()


def ring_line(**changed):
    usual = {"id": "r1", "ring": RING, "score": 0.9, "reviewers": 2, "modified": "2026-09-30T01:12:09Z"}
    return usual | changed


def selector_line(**changed):
    usual = {
        "id": "indicator--1", "ring": RING, "kind": "ip", "scheme": "raw", "key_id": "", "token": ADDRESS,
        "valid_from": "2026-09-20T00:00:00Z", "valid_until": "2026-10-30T00:00:00Z", "confidence": 90, "accounts": 5,
    }  # fmt: skip
    return usual | changed


def listed(rings, selectors):
    def lines(rows):
        return "".join(json.dumps(row) + "\n" for row in rows).encode()

    return {"rings.jsonl": lines(rings), "selectors.jsonl": lines(selectors)}


@each_attack
def test_an_explanation_is_printed_inert_by_every_command(signed, desk, attack):
    to = signed({FEEDBACK: answer(attack)})

    done = desk("import", to, "--from", "lab-a")
    assert done.code == 0, done.err
    assert done.err.count(f"lab-a on {RING}: disagree") == 1
    check(done)
    for form in ("table", "json", "jsonl", "csv"):
        listed = desk("audit", "--format", form)
        assert listed.code == 0
        check(listed)
        if form == "csv":
            for row in csv.reader(io.StringIO(listed.out)):
                assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row)


@each_attack
def test_a_summary_an_id_and_a_kind_come_out_inert_or_not_in(signed, desk, attack):
    to = signed(
        listed(
            [ring_line(summary=[attack], **{attack: attack})],
            [
                selector_line(),
                selector_line(id=attack),
                selector_line(kind=attack),
                selector_line(token=attack),
            ],
        )
    )

    for done in (
        desk("import", to, "--from", "lab-a"),
        desk("match"),
        desk("match", "--accounts"),
        desk("audit"),
    ):
        assert done.code == 0, done.err
        check(done)


@each_attack
def test_names_on_the_command_line_are_repeated_inert(desk, attack):
    for arguments in (
        ["import", "x", "--from", attack],
        ["import", attack, "--from", "lab-a"],
        ["import", attack, "--from", "lab-a", "--unsigned"],
        ["export", "--for", attack, "--to", "x"],
        ["export", "--for", "lab-a", "--to", "x", "--", attack],
        ["export", "--for", "lab-a", "--to", "x", "--also", attack],
        ["export", "--for", "lab-a", "--to", "x", "--tlp", attack],
        ["dispute", "--with", attack, "--to", "x", "--reason", "x", "--", "R-1"],
        ["dispute", "--with", "lab-a", "--to", "x", "--reason", "x", "--", attack],
        ["revoke", "--reason", "x", "--by", attack, "--", attack],
        ["keys pair", "--out", "x", "--", attack],
        ["keys pair", "lab-a", "--from", attack],
        ["keys restore", "--", attack],
        ["keys backup", f"nowhere{attack}/x"],
    ):
        done = desk(*arguments)
        assert done.code in {2, 3, 4}, arguments
        check(done)


@each_attack
def test_a_hostile_name_of_a_partner_in_the_settings_is_refused_or_inert(linkage, tmp_path, case, attack):
    (tmp_path / "l.toml").write_text(
        f'[sharing]\nname = "lab-a"\n[sharing.partners]\n{json.dumps(attack)} = []\n', encoding="utf-8"
    )
    for arguments in (
        ["settings"],
        [
            "keys",
            "pair",
            "--case",
            case,
            "--out",
            tmp_path / "key",
            "--settings",
            tmp_path / "l.toml",
            "--",
            attack,
        ],
        ["import", "x", "--case", case, "--from", attack],
        [
            "export",
            "1",
            "--case",
            case,
            "--unreviewed",
            "--min-score",
            0,
            "--for",
            attack,
            "--to",
            tmp_path / "out",
        ],
    ):
        check(linkage(*arguments, "--settings", tmp_path / "l.toml"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b'{"ring": "R-AAAAAA", "ring": "R-BBBBBB"}\n',
        b'{"ring": "R-AAAAAA", "score": NaN}\n',
        b"\x00" * 1000,
        b"\xff\xfe\x00",
        b'{"ring": ' + b"9" * 100_000 + b"}\n",
        b'{"ring": "' + b"x" * 2_000_000 + b'"}\n',
    ],
    ids=["deep", "twice", "nan", "nulls", "bytes", "digits", "long"],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(signed, desk, labs, content):
    _, b = labs
    to = signed({"rings.jsonl": content})

    done = desk("import", to, "--from", "lab-a")

    assert done.code == 3
    check(done)
    assert b is not None


def test_a_value_that_is_no_value_points_to_nobody(signed, labs):
    _, b = labs
    bad = [
        {"token": "0.0.0.0/0"},
        {"token": "::/0"},
        {"token": "10.0.0.0/8"},
        {"token": f"{ADDRESS}' OR 1=1"},
        {"token": ADDRESS, "confidence": 10**9},
        {"token": ADDRESS, "confidence": float("inf")},
        {"token": ADDRESS, "valid_until": "9999-12-31T23:59:59Z", "valid_from": "9999-12-31T00:00:00Z"},
        {"token": ADDRESS, "ring": "../../R-AAAAAA"},
        {"token": ["x"]},
        {"token": None},
        {"scheme": "sha256", "token": hashlib.sha256(ADDRESS.encode()).hexdigest()},
    ]
    to = signed(
        listed([ring_line()], [selector_line(id=f"i{place}") | each for place, each in enumerate(bad)])
    )

    done = b.takes(to, "lab-a")

    assert done.selectors == 0
    assert sum(done.refused.values()) == len(bad)
    assert b.matches() == []
    assert b.signals() == set()


def test_a_partner_cannot_take_back_or_change_what_another_partner_said(signed, labs, tmp_path):
    _, b = labs
    with ExitStack() as stack:
        rows = Rows()
        strangers(rows)
        c = open_lab(stack, tmp_path / "c", "lab-c", rows)
        names = a_ring(rows_more := Rows())
        fill(c.case, rows_more)
        acquaint(b, c)
        c.finds(RING, names)
        c.says(RING, "confirm")
        b.takes(c.exports("lab-b"), "lab-c")
    b.matches()
    before, mine = b.signals(), Records(b.case).received("lab-c")
    assert before == {("mine", f"lab-c {RING}")}
    theirs = [json.loads(document) for _, _, document in mine.values()]
    squatted = [
        ring_line(id=each["object_id"], ring=each["ring"], revoked=True, modified="2026-10-04T00:00:00Z")
        for each in theirs
    ]

    b.takes(signed(listed(squatted[:1], [])), "lab-a")
    b.matches()

    assert b.signals() == before
    assert Records(b.case).received("lab-c") == mine


def test_a_partner_named_like_the_beginning_of_another_frees_nobody_elses(signed, labs):
    _, b = labs
    rows = [
        ("mine", f"lab-a {RING}", NOW),
        ("mine", f"lab-a-2 {RING}", NOW),
        ("honest_0", f"lab-a-2 {RING}", NOW),
    ]
    b.takes(signed(listed([ring_line()], [selector_line()])), "lab-a")
    with b.case.changing():
        Records(b.case).keep_signals(rows, [])

    done = b.takes(signed(listed([ring_line(revoked=True, modified="2026-10-04T00:00:00Z")], [])), "lab-a")

    assert done.freed == ()
    assert b.signals() == {("mine", f"lab-a-2 {RING}"), ("honest_0", f"lab-a-2 {RING}")}


def test_many_lines_of_one_selector_count_once(signed, labs):
    _, b = labs
    to = signed(listed([ring_line()] * 50, [selector_line()] * 500))

    b.takes(to, "lab-a")

    assert len(b.matches()) == 1


def test_an_answer_too_large_is_refused(signed, labs):
    _, b = labs
    to = signed({FEEDBACK: answer("x" * 400) * 5000})
    before = b.dump()

    with pytest.raises(DataError, match="larger"):
        b.takes(to, "lab-a")
    assert b.dump() == before


@pytest.mark.slow
def test_the_largest_list_that_is_taken_in_takes_less_than_a_gigabyte(labs, tmp_path):
    _, b = labs
    b.case.database.close()
    lines = [json.dumps(ring_line())]
    for number in range(bounded.MOST_LINES - 1):
        address = f"81.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        lines.append(json.dumps(selector_line(id=f"i{number}", token=address)))
    (tmp_path / "large.jsonl").write_text("\n".join(lines))
    (tmp_path / "b" / "linkage.toml").write_text(
        '[sharing]\nname = "lab-b"\n[sharing.partners]\nlab-a = []\n'
    )
    place = ["--case", tmp_path / "b" / "linkage.duckdb", "--settings", tmp_path / "b" / "linkage.toml"]
    command = [sys.executable, "-m", "linkage", "import", tmp_path / "large.jsonl", "--from", "lab-a"]

    cost = run([*command, "--unsigned", *place])

    assert "249,999 selectors" in cost.talk
    assert cost.memory < 1_000_000_000
