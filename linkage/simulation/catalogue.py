"""Every scenario there is, which of them scores are fitted on, and which are kept unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.simulation.scenarios.abuse import Abuse
from linkage.simulation.scenarios.agency import Agencies
from linkage.simulation.scenarios.aggregator import Aggregators
from linkage.simulation.scenarios.backfill import Backfills
from linkage.simulation.scenarios.bait import Bait
from linkage.simulation.scenarios.campus import Campuses
from linkage.simulation.scenarios.cards_behind_homes import CardsBehindHomes
from linkage.simulation.scenarios.carrier import CarrierNeighbourhoods
from linkage.simulation.scenarios.classic_hydra import ClassicHydra
from linkage.simulation.scenarios.combined_cards import CombinedCards
from linkage.simulation.scenarios.combined_carrier import CombinedCarrier
from linkage.simulation.scenarios.combined_clients import CombinedClients
from linkage.simulation.scenarios.course import Course
from linkage.simulation.scenarios.coworking import Coworking
from linkage.simulation.scenarios.enterprise import Enterprises
from linkage.simulation.scenarios.evaluation_team import EvaluationTeams
from linkage.simulation.scenarios.exit_homes import ExitHomes
from linkage.simulation.scenarios.failover import Failover
from linkage.simulation.scenarios.flooding import Flooding
from linkage.simulation.scenarios.framing import Framing
from linkage.simulation.scenarios.gateway_pool import GatewayPool
from linkage.simulation.scenarios.geo_relay import GeoRelay
from linkage.simulation.scenarios.hackathon import Hackathons
from linkage.simulation.scenarios.harness import Harness
from linkage.simulation.scenarios.harness_users import HarnessUsers
from linkage.simulation.scenarios.honest_reseller import HonestResellers
from linkage.simulation.scenarios.hosting import HostedDevelopers
from linkage.simulation.scenarios.household import Households
from linkage.simulation.scenarios.infiltration import Infiltration
from linkage.simulation.scenarios.inside_carrier import InsideCarrier
from linkage.simulation.scenarios.launch import LaunchWave
from linkage.simulation.scenarios.mail_relays import MailRelays
from linkage.simulation.scenarios.micro_volume import MicroVolume
from linkage.simulation.scenarios.mixed_reseller import MixedReseller
from linkage.simulation.scenarios.nightly import LoneServices, NightlyEvaluations
from linkage.simulation.scenarios.office import Offices
from linkage.simulation.scenarios.one_bin import OneBin
from linkage.simulation.scenarios.paraphrased import Paraphrased
from linkage.simulation.scenarios.pathways import Pathways
from linkage.simulation.scenarios.pivot import ModelPivot
from linkage.simulation.scenarios.poisoned import Poisoned
from linkage.simulation.scenarios.pool_behind_homes import PoolBehindHomes
from linkage.simulation.scenarios.prepaid import PrepaidPayers
from linkage.simulation.scenarios.replay import Replay
from linkage.simulation.scenarios.research import LicensedResearch
from linkage.simulation.scenarios.runners import Runners
from linkage.simulation.scenarios.sanitised import Sanitised
from linkage.simulation.scenarios.service_desk import ServiceDesks
from linkage.simulation.scenarios.shared_pool import SharedPool
from linkage.simulation.scenarios.shifts_from_hosting import ShiftsFromHosting
from linkage.simulation.scenarios.slow_drip import SlowDrip
from linkage.simulation.scenarios.spraying import Spraying
from linkage.simulation.scenarios.stolen_keys import StolenKeys
from linkage.simulation.scenarios.tutors import CramSchools
from linkage.simulation.scenarios.twin_offices import TwinOffices
from linkage.simulation.scenarios.vpn import VpnCustomers
from linkage.simulation.scenarios.wrapper_alone import WrapperAlone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkage.simulation.scenario import Scenario

HYDRA = (
    CardsBehindHomes(),
    WrapperAlone(),
    ShiftsFromHosting(),
    MixedReseller(),
    MicroVolume(),
)
"""The rings of the first worlds, hydra."""
TOWN = (
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
"""The honest crowds of the first worlds, hydra and quiet."""

RINGS: tuple[Scenario, ...] = (
    *HYDRA,
    ClassicHydra(),
    PoolBehindHomes(),
    Failover(),
    SharedPool(),
    GeoRelay(),
    Replay(),
    Harness(),
    OneBin(),
    SlowDrip(),
    InsideCarrier(),
    Infiltration(),
    StolenKeys(),
    Paraphrased(),
    ModelPivot(),
    Sanitised(),
    Pathways(),
    CombinedCarrier(),
    CombinedCards(),
    CombinedClients(),
)
HARD_CROWDS: tuple[Scenario, ...] = (
    TwinOffices(),
    ServiceDesks(),
    EvaluationTeams(),
    HonestResellers(),
    CramSchools(),
)
"""Honest groups that share as much as rings do."""
CROWDS: tuple[Scenario, ...] = (
    *TOWN,
    *HARD_CROWDS,
    GatewayPool(),
    Campuses(),
    HarnessUsers(),
    PrepaidPayers(),
    Aggregators(),
    Runners(),
    Backfills(),
    LicensedResearch(),
    ExitHomes(),
    MailRelays(),
    Coworking(),
)
ATTACKS: tuple[Scenario, ...] = (
    Framing(),
    Flooding(),
    Bait(),
    Poisoned(),
    Abuse(),
    Spraying(),
)
"""Rings that attack the tool itself."""
SCENARIOS: tuple[Scenario, ...] = (*RINGS, *CROWDS, *ATTACKS)

FITTED = frozenset(
    {
        "classic_hydra",
        "pool_behind_homes",
        "micro_volume",
        "mixed_reseller",
        "wrapper_alone",
        "cards_behind_homes",
        "slow_drip",
        "shifts_from_hosting",
        "inside_carrier",
        "combined_cards",
    }
)
"""Types of rings that scores are fitted on, and that the method was worked out on."""
CHECKED = frozenset(
    {
        "geo_relay",
        "one_bin",
        "pivot",
        "shared_pool",
        "infiltration",
        "combined_carrier",
        "vpn",
        "research",
        "gateway",
    }
)
"""Types on which fitted scores are made honest; nothing else is learned from them."""
UNSEEN = frozenset(
    {
        "failover",
        "replay",
        "harness",
        "stolen_keys",
        "paraphrased",
        "sanitised",
        "pathways",
        "combined_clients",
        "aggregator",
        "tutors",
        "runners",
        "hackathon",
        "prepaid",
    }
)
"""Types that were not looked at before the final figures."""


def types(scenarios: Iterable[Scenario], names: frozenset[str]) -> tuple[Scenario, ...]:
    """Choose scenarios by name."""
    return tuple(each for each in scenarios if each.name in names)


def without(scenarios: Iterable[Scenario], names: frozenset[str]) -> tuple[Scenario, ...]:
    """Leave scenarios out by name."""
    return tuple(each for each in scenarios if each.name not in names)
