"""How public an identifier looks: strangers with one template are no ring, a ring's template is not public."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

START = datetime(2026, 1, 1)  # noqa: DTZ001 - UTC, as the checked tables keep it
SEPTEMBER = datetime(2026, 9, 1)  # noqa: DTZ001 - as above
TOWN = 300
SIGNATURE = "a template"


@pytest.fixture
def town():
    """A town of 300 that signed up over the year, each with a card, and with one to sixteen requests."""
    return {
        f"acct_{number:03}": {
            "created_at": START + timedelta(days=0.8 * number),
            "card": f"card {number}",
            "requests": (1, 2, 4, 8, 16)[(7 * number // 10) % 5],
        }
        for number in range(TOWN)
    }


@pytest.fixture
def look(collect, worth):
    """A way to see what the evidence says of the template that some of a town use."""

    def look(town, holders, **more):
        events = [
            {
                "account_id": name,
                "happened_at": SEPTEMBER + timedelta(hours=nth),
                "prompt_signature": SIGNATURE if name in holders else f"{name} {nth}",
            }
            for name, life in sorted(town.items())
            for nth in range(life["requests"])
        ]
        found = collect(
            accounts=[
                {"account_id": name, "created_at": life["created_at"]} for name, life in sorted(town.items())
            ],
            payments=[
                {"account_id": name, "fingerprint": life["card"]} for name, life in sorted(town.items())
            ],
            events=events,
            **more,
        )
        (told,) = [row for value, row in worth(found).items() if value.startswith("signature")]
        return told

    return look


def some(town, every=10):
    return set(sorted(town)[3::every])


def test_what_anybody_uses_looks_public_and_its_holders_count_as_strangers(town, look):
    told = look(town, some(town))

    assert told["publicity"] == 1.0
    assert (told["accounts"], told["earlier"], told["earlier_population"]) == (30, 30, 0)


def test_it_keeps_its_worth_and_its_star(town, look):
    told = look(town, some(town))

    assert told["bits"] == pytest.approx(3.303, abs=0.001)  # log2(301 / 30.5)
    assert told["creates"]


def test_what_accounts_of_one_campaign_use_does_not(town, look):
    holders = some(town)
    for nth, name in enumerate(sorted(holders)):
        town[name]["created_at"] = START + timedelta(days=100 + nth)

    assert look(town, holders)["publicity"] == 0.0


def test_what_accounts_that_share_cards_use_does_not(town, look):
    holders = some(town)
    for nth, name in enumerate(sorted(holders)):
        town[name]["card"] = f"card of six {nth // 6}"

    assert look(town, holders)["publicity"] == 0.0


def test_what_accounts_that_share_a_load_evenly_use_does_not(town, look):
    holders = some(town)
    for nth, name in enumerate(sorted(holders)):
        town[name]["requests"] = 7 + nth % 2

    assert look(town, holders)["publicity"] == 0.0


def test_accounts_of_unknown_age_are_never_called_a_blind_draw(town, look):
    holders = some(town)
    for name in holders:
        town[name]["created_at"] = None

    told = look(town, holders)

    assert (told["publicity"], told["earlier"]) == (0.0, 0)


def test_what_four_use_says_nothing(town, look):
    told = look(town, some(town, 75))

    assert (told["publicity"], told["earlier"]) == (0.0, 0)


def test_between_public_and_private_it_is_graded(town, look):
    """The more of thirty holders signed up within one month, the less public their template looks."""
    holders = sorted(some(town))
    grades = []
    for campaign in range(0, 24, 4):
        for nth in range(campaign):
            town[holders[nth]]["created_at"] = START + timedelta(days=100 + nth)
        grades.append(look(town, set(holders))["publicity"])

    assert grades == sorted(grades, reverse=True)
    assert (grades[0], grades[-1]) == (1.0, 0.0)
    assert len({grade for grade in grades if 0 < grade < 1}) >= 1


def test_earlier_holders_that_a_list_told_of_count_as_far_as_it_looks_public(town, look, digest_free):
    """A list does not say whose the holders were: of a private identifier they are taken for today's."""
    listed = [{"kind": "prompt", "identifier": digest_free, "accounts": 9, "total": 500}]
    holders = some(town)
    public = look(town, holders, reference_frequencies=listed)
    for nth, name in enumerate(sorted(holders)):
        town[name]["created_at"] = START + timedelta(days=100 + nth)
    private = look(town, holders, reference_frequencies=listed)

    assert (public["earlier"], private["earlier"]) == (9 + 30, 0)
    assert public["bits"] == private["bits"] == pytest.approx(5.721, abs=0.001)  # log2(501 / 9.5)


@pytest.fixture
def digest_free(town, look):
    """The name that the template goes by."""
    return look(town, some(town))["value"]
