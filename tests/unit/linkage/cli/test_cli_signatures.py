"""``linkage signatures``: events go in, and come out with what their prompts are recognised by instead of the prompts."""

from __future__ import annotations

import base64
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasketch import MinHashLSH

from linkage.signatures.ready import READY, lean_minhashes

TEMPLATE = "grade the essay below from one to ten and name its weakest paragraph and the strongest one first"
CONTENT = [
    "the tides of the north follow the moon but lag behind it by an hour",
    "every bridge in this town was built by a guild that no longer exists",
    "bees that are moved at night find the old hive again within three days",
    "letters from the front were read aloud in the kitchen until the paper fell apart",
    "a glacier speaks before it calves and the harbour empties at the sound",
    "the recipe needs salt although nobody in the family will admit that",
]


@pytest.fixture
def events(tmp_path):
    """Three accounts that grade essays with one template, one of them with others' very words, and a stranger."""
    lines = ["account_id,timestamp,ip,prompt,system_prompt,note"]
    for number, account in enumerate(("ann", "bob", "cid")):
        lines += [
            f'{account},2026-08-0{1 + day}T10:00:00Z,198.51.100.{number},"{TEMPLATE}: {essay}",be kind,secret note'
            for day, essay in enumerate(CONTENT[2 * number : 2 * number + 2] + CONTENT[:2])
        ]
    lines.append(
        'eve,2026-08-09T10:00:00Z,203.0.113.9,"where can i buy a ladder that fits into a small car",,'
    )
    lines.append("eve,2026-08-09T11:00:00Z,203.0.113.9,hello,,")
    path = tmp_path / "events.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def signed(linkage, events, tmp_path):
    """The same events, signed."""
    (tmp_path / "away").mkdir()
    done = linkage("signatures", events, "--to", tmp_path / "away" / "events.parquet")
    assert (done.code, done.out) == (0, "")
    return tmp_path / "away" / "events.parquet"


def explained(linkage, source):
    """What ties two of the accounts by prompts, as far as it does not need the texts of system prompts."""
    said = linkage("explain", "ann", "bob", "--source", source, "--format", "json").out
    return [
        [step[key] for key in ("level", "identifier", "held_here", "held_by")]
        for step in json.loads(said)["steps"]
        if step["kind"] == "prompt" and not step["identifier"].startswith("system prompt")
    ]


def test_no_text_leaves(signed):
    written = pq.read_table(signed)

    assert "prompt" not in written.column_names
    assert "system_prompt" not in written.column_names
    content = signed.read_bytes() + b" ".join(
        base64.b64decode(each.removeprefix(READY)) for each in written["prompt_signature"].to_pylist() if each
    )
    assert b"essay" not in content
    assert b"be kind" not in content
    assert b"secret note" not in content


def test_a_prompt_too_short_to_tell_anything_has_no_signature(signed):
    rows = pq.read_table(signed).to_pylist()

    assert [row["account_id"] for row in rows if row["prompt_signature"] is None] == ["eve"]
    assert len(rows) == 14


def test_signatures_tie_accounts_as_their_texts_do(linkage, events, signed):
    by_text = explained(linkage, events)

    assert {identifier.split()[0] for _, identifier, _, _ in by_text} == {"prompt", "template"}
    assert explained(linkage, signed) == by_text


def test_an_event_signed_twice_is_signed_as_before(linkage, signed, tmp_path):
    linkage("signatures", signed, "--to", tmp_path / "again.parquet")

    assert pq.read_table(tmp_path / "again.parquet").equals(pq.read_table(signed))


def test_the_order_of_events_does_not_matter(linkage, events, signed, tmp_path):
    head, *lines = events.read_text().splitlines()
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join([head, *reversed(lines)]) + "\n")
    linkage("signatures", turned, "--to", tmp_path / "turned.parquet")

    assert pq.read_table(tmp_path / "turned.parquet").equals(pq.read_table(signed))


def test_a_case_is_signed_like_its_logs(linkage, events, signed, tmp_path):
    linkage("ingest", events, "--case", tmp_path / "case.duckdb")
    linkage("signatures", "--case", tmp_path / "case.duckdb", "--to", tmp_path / "of_case.parquet")

    assert pq.read_table(tmp_path / "of_case.parquet").equals(pq.read_table(signed))


def test_datasketch_finds_in_its_index_what_we_signed(signed):
    index = MinHashLSH(num_perm=64, params=(16, 4))
    forms = [form for form in pq.read_table(signed)["prompt_signature"].to_pylist() if form]
    for key, minhash in enumerate(lean_minhashes(forms)):
        index.insert(key, minhash)

    near = [len(index.query(minhash)) for minhash in lean_minhashes(forms)]

    assert len(near) == 13
    assert max(near) > 1


@pytest.mark.parametrize("damage", ["shingles", "length", "letters"])
def test_what_is_no_signature_of_ours_is_never_read_as_one(linkage, signed, tmp_path, damage):
    table = pq.read_table(signed)
    forms = table["prompt_signature"].to_pylist()
    content = base64.b64decode(forms[0].removeprefix(READY))
    spoiled = {
        "shingles": READY + base64.b64encode(content[:-16] + content[-8:] + content[-16:-8]).decode(),
        "length": READY + base64.b64encode(content[:-3]).decode(),
        "letters": READY + "not base64 at all!",
    }[damage]
    column = table.schema.get_field_index("prompt_signature")
    spoilt = tmp_path / "spoilt.parquet"
    pq.write_table(table.set_column(column, "prompt_signature", pa.array([spoiled, *forms[1:]])), spoilt)

    done = linkage("rings", spoilt)

    if damage == "shingles":
        assert done.code == 3
        assert "'linkage signatures'" in done.err
    else:
        assert done.code == 0


def test_a_file_that_is_read_is_not_written_over(linkage, signed):
    before = signed.read_bytes()

    for source in (signed, signed.parent):
        assert linkage("signatures", source, "--to", signed).code == 3
    assert signed.read_bytes() == before


def test_the_name_of_the_file_says_what_it_is(linkage, events, tmp_path):
    assert linkage("signatures", events, "--to", tmp_path / "signed.csv").code == 2
    assert not (tmp_path / "signed.csv").exists()
