"""Stories of sign-ups: bursts are measured against what that time and network explain."""

from __future__ import annotations

from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds

MINUTE = 1 / 1440
TWELVE = [f"ring_{number:02}" for number in range(12)]


def bursts(story):
    """List the sign-up bursts as (how many accounts, identifier)."""
    found = collect_evidence(story.logs(), *chosen_kinds({}))
    rows = found.identifiers.arrow("identifier").to_pylist()
    return [(row["accounts"], row["value"]) for row in rows if row["kind"] == "signup"]


def test_twelve_accounts_in_nine_minutes_from_one_hosting_network_are_a_burst(town):
    for number, name in enumerate(TWELVE):
        town.signs_up(name, day=200 + 0.75 * number * MINUTE)
        town.asks(name, ip=f"198.51.100.{number}", asn="AS64496")

    assert [count for count, _ in bursts(town)] == [12]


def test_launch_wave_a_thousand_sign_ups_of_one_hour_are_no_burst_of_a_network(town):
    """Everybody signs up at once, from every network alike: being one of them says nothing of a network."""
    for number in range(400):
        town.signs_up(f"guest_{number}", day=200 + number * 0.15 * MINUTE)
        town.asks(f"guest_{number}", ip=f"2001:db8:f{number:03x}::1", asn=f"AS{64500 + number % 7}")

    assert [name for _, name in bursts(town) if " on " in name] == []


def test_launch_wave_is_no_ring(town):
    for number in range(400):
        town.lives(f"guest_{number}", 500 + number)
        town.accounts.pop()
        town.signs_up(f"guest_{number}", day=200 + number * 0.15 * MINUTE)

    assert town.rings() == []


def test_twelve_sign_ups_over_twelve_days_are_no_burst(town):
    for number, name in enumerate(TWELVE):
        town.signs_up(name, day=200 + number)
        town.asks(name, ip=f"198.51.100.{number}", asn="AS64496")

    assert bursts(town) == []


def test_a_burst_alone_is_no_ring(town):
    for number, name in enumerate(TWELVE):
        town.lives(name, 500 + number)
        town.accounts.pop()
        town.signs_up(name, day=200 + number * 0.75 * MINUTE)

    assert bursts(town)
    assert town.rings() == []
