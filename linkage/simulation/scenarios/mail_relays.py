"""People who hide their mail address behind a relay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.land import RELAYS
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class MailRelays(Scenario):
    """Strangers who like to be left alone: a relay's mail domain, for some a virtual card, for some a VPN.

    The habits go together, and with nobody in particular.
    """

    name: ClassVar[str] = "mail_relays"
    number: ClassVar[str] = "B17"

    count: Range = (1, 1)
    size: Range = (80, 100)
    virtual_card: float = 0.35
    vpn: float = 0.3

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the people: one crowd of strangers."""
        rng, land = stage.rng, stage.land
        people = draw_people(stage, sum(stage.crowd_sizes(self.count, self.size)))
        count = len(people)
        people.email_domain[:] = rng.choice(RELAYS, count, p=[0.7, 0.3])
        virtual = (people.plan != "free") & (rng.random(count) < self.virtual_card)
        people.bin[virtual] = rng.choice(land.virtual_bins, int(virtual.sum()))
        requests = live(stage, people)
        vpn = land.vpns[int(rng.integers(len(land.vpns)))]
        hides = rng.random(count) < self.vpn
        exits = np.array(vpn.seats, dtype=object)[rng.integers(0, len(vpn.seats), (count, 3))]
        hidden = hides[requests.who] & (rng.random(len(requests)) < 0.8)
        drawn = exits[requests.who, rng.integers(0, 3, len(requests))]
        requests.seat = np.where(hidden, drawn, requests.seat).astype(object)
        requests.asn = np.where(hidden, vpn.asn, requests.asn)
        yield Group(people, requests, monthly_charges(stage, people))
