"""Homes whose connection a proxy network rents out, mostly without their knowing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from linkage.simulation.crowds import learn_locally
from linkage.simulation.people import draw_people
from linkage.simulation.requests import live
from linkage.simulation.scenario import Group, Scenario, monthly_charges
from linkage.simulation.stage import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.simulation.stage import Stage


@dataclass(frozen=True)
class ExitHomes(Scenario):
    """Honest households whose address is also a proxy's exit: a ring's requests come from there now and then.

    Two or three people live in each, ask what they like, and share a card in some of the homes.
    """

    name: ClassVar[str] = "exit_homes"
    number: ClassVar[str] = "B16"

    count: Range = (20, 26)
    size: Range = (2, 3)
    one_card: float = 0.3
    tutorial: float = 0.1

    def groups(self, stage: Stage) -> Iterator[Group]:
        """Make the households, each behind an exit of its own."""
        rng, land = stage.rng, stage.land
        country_of = {network.asn: c for c, isps in enumerate(land.isps) for network in isps}
        exits = [land.exit_homes[place] for place in rng.permutation(len(land.exit_homes)).tolist()]
        sizes = stage.crowd_sizes(self.count, self.size)
        for (seat, asn), size in zip(exits, sizes, strict=False):  # never more homes than there are exits
            people = draw_people(stage, size, country=country_of[asn])
            people.home[:], people.asn[:] = seat, asn
            payer = next((person for person in range(size) if people.card[person] is not None), None)
            if payer is not None and rng.random() < self.one_card:
                people.plan[people.plan == "free"] = "pay_as_you_go"
                people.card[:], people.bin[:] = people.card[payer], people.bin[payer]
            requests = live(stage, people)
            learn_locally(stage, people, requests, share=self.tutorial)
            yield Group(people, requests, monthly_charges(stage, people))
