"""What honest groups do alike: sit behind one gate, sign up together, share a card or a mail domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from linkage.simulation.clock import END, HOUR

if TYPE_CHECKING:
    from linkage.simulation.people import People
    from linkage.simulation.requests import Requests
    from linkage.simulation.stage import Stage


def sit_behind(stage: Stage, requests: Requests, seats: tuple[str, ...], asn: int, *, share: float) -> None:
    """Send ``share`` of the requests through a group's common addresses."""
    rows = np.flatnonzero(stage.rng.random(len(requests)) < share)
    for row, seat in zip(rows.tolist(), stage.rng.integers(0, len(seats), len(rows)).tolist(), strict=True):
        requests.seat[row] = seats[seat]
        requests.asn[row] = asn


def sign_up_within(stage: Stage, people: People, since: int, hours: float) -> None:
    """Open all accounts within some hours, most of them early on."""
    wait = stage.rng.beta(1.6, 3.0, len(people)) * hours * HOUR
    people.created_at = np.minimum(since + wait.astype(np.int64), END - HOUR)


def join_company(people: People, org: str, domain: str, plan: str) -> None:
    """Give everybody the company's name, mail domain and plan, and working hours."""
    people.org[:] = org
    people.email_domain[:] = domain
    people.plan[:] = plan
    people.working[:] = 0.95
    people.roaming[:] = 0.0


def share_card(people: People, cards: list[str], bank: str, holders: np.ndarray) -> None:
    """Pay for the ``holders`` with a group's cards, in turn."""
    for place, person in enumerate(np.flatnonzero(holders).tolist()):
        people.card[person] = cards[place % len(cards)]
        people.bin[person] = bank
