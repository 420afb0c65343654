"""The baselines, plain ones first; a new one is a file here and a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkage.suite.baselines.capped_cliques import CappedCliques
from linkage.suite.baselines.components import Components
from linkage.suite.baselines.idf_pairs import IdfPairs
from linkage.suite.baselines.louvain_addresses import LouvainAddresses
from linkage.suite.baselines.rules import Rules
from linkage.suite.baselines.single_family import SingleFamily
from linkage.suite.baselines.splink import Splink
from linkage.suite.baselines.two_shared import TwoShared
from linkage.suite.sharing import ADDRESSES, AGENTS, CARDS, PROMPTS, SIGNUPS

if TYPE_CHECKING:
    from linkage.suite.baseline import Baseline

BASELINES: tuple[Baseline, ...] = (
    Components(),
    TwoShared(),
    Rules(),
    SingleFamily("cards_alone", "cards alone", CARDS),
    SingleFamily("addresses_alone", "addresses alone", ADDRESSES),
    SingleFamily("prompts_alone", "prompts alone", PROMPTS),
    SingleFamily("signups_alone", "sign-up bursts alone", SIGNUPS),
    SingleFamily("agents_alone", "user agents alone", AGENTS),
    LouvainAddresses(),
    IdfPairs(),
    CappedCliques(),
    Splink(),
)
