"""Customers of commercial VPNs, who share exits with strangers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class VpnCustomers(Scenario):
    """Unrelated people leave through a few exits, each using three or so; some pay with virtual cards."""

    name: ClassVar[str] = "vpn"
    number: ClassVar[str] = "B4"

    count: Range = (2, 2)
    size: Range = (75, 110)
    exits: int = 3
    always: float = 0.75

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the customers of each VPN."""
        rng, land = stage.rng, stage.land
        for place, size in enumerate(stage.crowd_sizes(self.count, self.size)):
            vpn = land.vpns[place % len(land.vpns)]
            people = draw_people(stage, size)
            virtual = rng.random(size) < 0.25
            for person in np.flatnonzero(virtual & (people.plan != "free")):
                people.bin[person] = land.virtual_bins[int(rng.integers(3))]
            requests = live(stage, people)
            own = rng.integers(0, len(vpn.seats), (size, self.exits))
            exits = np.array(vpn.seats, dtype=object)[
                own[requests.who, rng.integers(0, self.exits, len(requests))]
            ]
            hidden = rng.random(len(requests)) < self.always
            requests.seat = np.where(hidden, exits, requests.seat).astype(object)
            requests.asn = np.where(hidden, vpn.asn, requests.asn)
            yield Group(people, requests, monthly_charges(stage, people))
