"""The scenarios that worlds are put together from: one file each, and a line here."""

from __future__ import annotations

from linkage.simulation.scenarios.agency import Agencies
from linkage.simulation.scenarios.cards_behind_homes import CardsBehindHomes
from linkage.simulation.scenarios.carrier import CarrierNeighbourhoods
from linkage.simulation.scenarios.course import Course
from linkage.simulation.scenarios.enterprise import Enterprises
from linkage.simulation.scenarios.everyone import Everyone
from linkage.simulation.scenarios.hackathon import Hackathons
from linkage.simulation.scenarios.hosting import HostedDevelopers
from linkage.simulation.scenarios.household import Households
from linkage.simulation.scenarios.launch import LaunchWave
from linkage.simulation.scenarios.micro_volume import MicroVolume
from linkage.simulation.scenarios.mixed_reseller import MixedReseller
from linkage.simulation.scenarios.nightly import LoneServices, NightlyEvaluations
from linkage.simulation.scenarios.office import Offices
from linkage.simulation.scenarios.shifts_from_hosting import ShiftsFromHosting
from linkage.simulation.scenarios.vpn import VpnCustomers
from linkage.simulation.scenarios.wrapper_alone import WrapperAlone

RINGS = (CardsBehindHomes(), WrapperAlone(), ShiftsFromHosting(), MixedReseller(), MicroVolume())

CROWDS = (
    Offices(),
    Course(),
    CarrierNeighbourhoods(),
    Enterprises(),
    Hackathons(),
    Households(),
    VpnCustomers(),
    LoneServices(),
    NightlyEvaluations(),
    LaunchWave(),
    Agencies(),
    HostedDevelopers(),
)

__all__ = ["CROWDS", "RINGS", "Everyone"]
