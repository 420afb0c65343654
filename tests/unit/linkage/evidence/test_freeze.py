"""An earlier period, frozen to a small list, says of what is common what its events would say."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import pytest
from given import THINGS, make_logs

from linkage.errors import SettingsError
from linkage.evidence.collect import collect_evidence
from linkage.evidence.freeze import freeze_frequencies, kinds_to_freeze
from linkage.evidence.kinds import KINDS, chosen_kinds

AT = datetime(2026, 9, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
WRAPPER = (
    "Weigh the matter of {} as a keeper of old maps would, name three doubts that a sailor might raise, and close with"
    " one plain line that a child could read aloud at dusk beside the harbour wall."
)
WHOLE = "Which of the seven bridges of the old town was built first, by whom, and what did it replace at the time?"
RULES = "As the clerk of a small harbour you answer in the order of arrival and you never quote a tide from memory."


def said(names, nth_of=4):
    """Let each of some accounts wrap things, ask one whole question and carry one system prompt."""
    rows = []
    for number, name in enumerate(names):
        for nth in range(nth_of):
            thing = f"{THINGS[(5 * number + nth) % 12]} and {THINGS[(number + 7 * nth) % 12]} of {name}{nth}"
            rows.append({"account_id": name, "happened_at": AT, "prompt": WRAPPER.format(thing)})
        rows.append({"account_id": name, "happened_at": AT, "prompt": WHOLE, "system_prompt": RULES})
    return rows


def silent(names):
    return [{"account_id": name, "happened_at": AT, "ip": "198.51.100.7", "asn": "AS64500"} for name in names]


def before(holders=7, others=40):
    return [
        *said([f"then_{number}" for number in range(holders)]),
        *silent([f"quiet_{number}" for number in range(others)]),
    ]


def frozen(kinds=(), **rows):
    known, settings = chosen_kinds({})
    return freeze_frequencies(make_logs(**rows), kinds_to_freeze(known, kinds), settings).arrow().to_pylist()


def bits(**rows):
    found = collect_evidence(make_logs(**rows), *chosen_kinds({}))
    return {
        row["value"]: (row["bits"], row["earlier"], row["earlier_population"])
        for row in found.identifiers.arrow("identifier").to_pylist()
        if row["kind"] == "prompt"
    }


WINDOW = [
    *said([f"now_{number}" for number in range(4)]),
    *silent([f"new_{number}" for number in range(200)]),
]


def test_a_frozen_period_gives_prompts_the_same_bits_as_its_events():
    by_events = bits(events=WINDOW, reference=before())
    by_list = bits(events=WINDOW, reference_frequencies=frozen(events=before()))

    assert {value.rpartition(" ")[0] for value in by_list} == {
        "prompt",
        "template",
        "system prompt",
        "passage",
    }
    assert by_list == by_events
    assert {(earlier, total) for _, earlier, total in by_list.values()} == {(7, 47)}


def test_what_the_list_leaves_out_was_held_by_none_of_its_accounts():
    """The list is complete, so a template that it does not have is new."""
    listed = frozen(events=before(holders=2))
    by_list = bits(events=WINDOW, reference_frequencies=listed)

    assert [row for row in listed if row["kind"] == "prompt"] == [
        {"kind": "prompt", "identifier": "*", "accounts": 0, "total": 42}
    ]
    assert {(earlier, total) for _, earlier, total in by_list.values()} == {(0, 42)}


def test_a_list_of_a_period_without_prompts_says_nothing_of_prompts():
    listed = frozen(events=before(holders=0))

    assert [row for row in listed if row["kind"] == "prompt"] == []
    assert bits(events=WINDOW, reference_frequencies=listed) == bits(events=WINDOW)


def test_fewer_than_three_holders_are_not_told():
    rows = frozen(events=before(holders=2))

    assert {row["accounts"] for row in rows if row["identifier"] != "*"} == {40}


def test_no_text_no_address_and_no_card_stands_in_the_list_in_clear():
    payments = [
        {"account_id": f"then_{number}", "fingerprint": "fp_1", "bin": "411111"} for number in range(4)
    ]
    rows = frozen(("ip", "payment", "prompt", "asn"), events=before(), payments=payments)
    written = " ".join(row["identifier"] for row in rows)

    for secret in ("198.51", "fp_1", "411111", "harbour", "bridges", "then_"):
        assert secret not in written
    digest = "sha256:" + sha256(b"payment fp_1").hexdigest()
    assert {"kind": "payment", "identifier": digest, "accounts": 4, "total": 47} in rows


def test_cards_and_addresses_are_found_again_by_their_digests(collect, worth):
    cards = [{"account_id": f"acct_{number}", "fingerprint": "fp_1"} for number in range(3)]
    rows = frozen(("payment",), payments=[*cards, {"account_id": "acct_9", "fingerprint": "fp_2"}])

    found = worth(collect(payments=cards, reference_frequencies=rows))["fp_1"]

    assert (found["earlier"], found["earlier_population"]) == (3, 4)


def test_without_names_only_kinds_are_frozen_whose_identifiers_name_nobody():
    payments = [{"account_id": f"then_{number}", "fingerprint": "fp_1"} for number in range(4)]

    assert {row["kind"] for row in frozen(events=before(), payments=payments)} == {"asn", "prompt"}


@pytest.mark.parametrize("name", ["signup", "cards"])
def test_a_kind_that_cannot_be_frozen_is_answered_with_those_that_can(name):
    with pytest.raises(SettingsError, match=f"{name}: .*asn, ip, payment, prompt"):
        kinds_to_freeze(KINDS, [name])


def test_a_reference_among_the_sources_is_frozen_like_events():
    assert frozen(reference=before()) == frozen(events=before())


def test_where_two_lists_have_an_identifier_the_larger_share_counts():
    """7 of 47 is more than 8 of 88, and either list alone says the same of it."""
    some, many = frozen(events=before()), frozen(events=before(holders=8, others=80))

    either = bits(events=WINDOW, reference_frequencies=some)

    assert bits(events=WINDOW, reference_frequencies=[*many, *some]) == either
    assert bits(events=WINDOW, reference_frequencies=[*some, *many]) == either
    assert {(earlier, total) for _, earlier, total in either.values()} == {(7, 47)}


def test_a_list_is_extended_by_a_further_period():
    some, many = frozen(events=before()), before(holders=8, others=80)
    grown = frozen(events=many, reference_frequencies=some)

    assert bits(events=WINDOW, reference_frequencies=grown) == bits(events=WINDOW, reference_frequencies=some)
    (rest,) = [row for row in grown if (row["kind"], row["identifier"]) == ("prompt", "*")]
    assert rest["total"] == 88


def test_the_list_is_in_order_and_the_order_of_events_never_matters():
    rows = before()

    assert frozen(events=rows) == frozen(events=rows[::-1])
    told = [(row["kind"], row["identifier"]) for row in frozen(events=rows)]
    assert told == sorted(set(told))


def test_of_events_and_a_list_the_one_with_the_larger_share_counts():
    listed = frozen(events=before())
    few = bits(events=WINDOW, reference=before(holders=1, others=99), reference_frequencies=listed)
    many = bits(events=WINDOW, reference=before(holders=30, others=10), reference_frequencies=listed)

    assert {tail[1:] for tail in few.values()} == {(7, 47)}
    assert {tail[1:] for tail in many.values()} == {(30, 40)}


@pytest.mark.parametrize(
    "form", ["prompt minhash-1:", "prompt minhash-1:AAAA", "template shingles-1:%%", "prompt x"]
)
def test_a_form_that_cannot_be_read_is_found_nowhere(form):
    listed = [{"kind": "prompt", "identifier": form, "accounts": 9, "total": 10}]

    assert bits(events=WINDOW, reference_frequencies=listed) == bits(events=WINDOW)
