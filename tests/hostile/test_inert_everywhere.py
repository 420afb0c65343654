"""Whatever strangers write comes out harmless, from every command, in every format."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkage.cli.app import run

ATTACKS = {
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x.example\x07click\x9b31m",
    "markup": "[bold red]you[/] [link=http://x.example]here[/link] :skull:",
    "html": "<script>alert(1)</script>&lt;",
    "sql": '\'; drop table events; select "x" -- $$ ? $1',
    "formula": "=cmd|' /C calc'!A0",
    "bidi": "acct\u202e\u2066gpj.exe\u2069",
    "hidden": "a\u200b\u2060\ufeff\u3164b\U000e0041",
    "newline": "one\ntwo\r\nthree\u2028four\x0bfive",
    "quotes": "\"'`,;\t|\\",
    "format": "{0} {x} %s %n ${HOME} $(id) `id`",
}
FORMATS = ("table", "json", "jsonl", "csv")


def harmless(text):
    """Say that nothing in a text acts on a terminal, hides, or turns its direction."""
    return not [
        letter
        for letter in text
        if letter != "\n" and unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    ]


def check(done, form):
    assert harmless(done.out), ascii(done.out)
    assert harmless(done.err), ascii(done.err)
    assert "bug of ours" not in done.err
    if form in {"json", "jsonl"} and done.code == 0:
        assert done.out.isascii()
        for document in [done.out] if form == "json" else done.out.splitlines():
            json.loads(document)
    if form == "csv":
        for row in csv.reader(io.StringIO(done.out)):
            assert not any(cell.startswith(("=", "@", "\t", "\r")) for cell in row), row


each_attack = pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())


@pytest.fixture(scope="module")
def hostile(make_world, tmp_path_factory):
    """A world whose ring is called, employed, and speaks as attackers like."""
    everything = " ".join(ATTACKS.values())
    ring = tuple(f"{attack}{number}" for number, attack in enumerate(ATTACKS.values()))
    folder = tmp_path_factory.mktemp("hostile")
    world = make_world(folder, ring, org=everything, user_agent=everything, topic=everything, honest=60)
    with (folder / "allowlist.csv").open("w", newline="", encoding="utf-8") as file:
        listed = [["kind", "value", "reason"], ["account", ring[0], everything]]
        csv.writer(file).writerows([*listed, *(["nothing", attack, attack] for attack in ATTACKS.values())])
    return world


@pytest.fixture(scope="module")
def case(hostile, tmp_path_factory):
    path = tmp_path_factory.mktemp("case") / "linkage.duckdb"
    assert run(["ingest", str(hostile.folder), "--case", str(path)]) == 0
    return path


@pytest.fixture
def ring(hostile):
    """The names as the checked tables have them: without white space around."""
    return [name.strip() for name in hostile.ring]


@pytest.mark.parametrize("form", FORMATS)
def test_every_command_prints_it_inert(linkage, hostile, case, ring, form):
    pairs = [["explain", "--case", case, "--", one, other] for one, other in pairwise(ring)]
    for command, *arguments in (
        ["check", hostile.folder],
        ["rings", "--members", "--min-score", 0, "--case", case],
        ["ring", 1, "--case", case],
        *(["explain", "--case", case, "--", name] for name in ring),
        *(pairs if form == "table" else pairs[:1]),
    ):
        done = linkage(command, "--format", form, *arguments)

        assert done.code == 0, done.err
        assert done.out
        check(done, form)


def test_json_keeps_it_exactly(linkage, case, ring):
    (found,) = json.loads(
        linkage("rings", "--members", "--min-score", 0, "--format", "json", "--case", case).out
    )

    assert sorted(member["account_id"] for member in found["members"]) == sorted(ring)


def test_its_exports_are_inert_and_keep_the_allowlist(linkage, case, ring):
    told = linkage("export", "--to", "csv", "--review", "--min-score", 0, "--case", case)
    exact = linkage("export", "--to", "jsonl", "--review", "--min-score", 0, "--case", case)

    check(told, "csv")
    check(exact, "jsonl")
    assert sorted(json.loads(line)["account_id"] for line in exact.out.splitlines()) == sorted(ring[1:])
    assert len(told.out.splitlines()) == len(ring)


@each_attack
def test_judging_and_refusing_repeat_it_inert(linkage, case, ring, attack):
    for done in (
        linkage("judge", "--reason", attack, "--by", attack, "--case", case, "--", ring[1], "watch"),
        linkage("judge", "--reason", "x", "--case", case, "--", attack, "confirm"),
        linkage("ring", "--case", case, "--", attack),
        linkage("explain", "--case", case, "--", f"nobody {attack}"),
        linkage("rings", "--case", f"{attack.replace('/', '_')}.duckdb"),
        linkage("rings", "--engine", attack, "--case", case),
        linkage("export", "--to", attack, "--case", case),
        linkage("rings", "--format", attack),
        linkage(f"--{attack}"),
        linkage(f"x{attack}"),
        linkage("settings", "--settings", f"{attack}.toml"),
    ):
        check(done, "talk")
        assert done.code in {0, 2, 3, 4}


@each_attack
def test_names_of_files_and_columns_are_repeated_inert(linkage, tmp_path, attack):
    name = attack.replace("/", "_")
    folder = tmp_path / f"in {name}"
    folder.mkdir()
    with (folder / f"events {name}.csv").open("w", newline="", encoding="utf-8") as file:
        rows = [
            ["account_id", "timestamp", attack],
            ["a", "2026-09-01T00:00:00Z", attack],
            [attack, attack, attack],
        ]
        csv.writer(file).writerows(rows)
    with (folder / f"what {name}.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[attack, "b"], ["1", "2"]])
    for form in FORMATS:
        check(linkage("check", folder / f"events {name}.csv", "--format", form), form)
    check(linkage("rings", folder / f"events {name}.csv"), "table")
    check(linkage("check", folder), "table")
    check(linkage("ingest", folder), "talk")


@each_attack
def test_a_declared_kind_with_a_hostile_name_is_shown_inert(linkage, attack, tmp_path):
    path = tmp_path / "kind.toml"
    name = json.dumps(attack, ensure_ascii=False)
    path.write_text(f'[evidence.{name}]\ncolumn = "user_agent"\n')

    for form in FORMATS:
        check(linkage("kinds", "--settings", path, "--format", form), form)
        check(linkage("settings", "--settings", path, "--format", form), form)
    path.write_text(f"{name} = 1\n[evidence.{name}]\non = true\n")
    done = linkage("settings", "--settings", path)
    assert done.code == 4
    check(done, "talk")


def test_evidence_of_a_declared_kind_is_shown_inert(linkage, hostile, tmp_path):
    path = tmp_path / "kind.toml"
    name = json.dumps(" ".join(ATTACKS.values()), ensure_ascii=False)
    path.write_text(f'[evidence.{name}]\ncolumn = "user_agent"\n')

    done = linkage("ring", 1, "--source", hostile.folder, "--settings", path)

    assert done.code == 0
    check(done, "table")


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT)
def test_any_text_in_an_id_a_prompt_and_an_agent_comes_out_inert(text, linkage, make_world, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any")
    names = tuple(f"{text}{number}" for number in range(6))
    make_world(folder, names, org=text, user_agent=text, topic=text, honest=40)
    assert linkage("ingest", folder, "--case", folder / "c.duckdb").code == 0
    for form in FORMATS:
        done = linkage(
            "rings", "--case", folder / "c.duckdb", "--members", "--min-score", 0, "--format", form
        )
        assert done.code == 0
        check(done, form)
