"""Every knob with its default and a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class EvidenceSettings(_Section):
    """What one kind of evidence may weigh. Values left out are the kind's own defaults."""

    on: bool = Field(default=True, description="Whether this kind is looked at.")
    cap: float | None = Field(default=None, ge=0, description="Most bits this kind can give to one account.")
    largest: int | None = Field(
        default=None,
        ge=2,
        description="An identifier with more holders than this is a hub: it may add to a link, never create one.",
    )
    column: str | None = Field(
        default=None, description="For a declared kind: the column that holds its identifiers."
    )
    table: str = Field(default="events", description="For a declared kind: the table of that column.")


class LinkSettings(_Section):
    """Which evidence enters the graph, and how communities are looked for."""

    least_bits: float = Field(
        default=12.0,
        ge=0,
        description="A pair of identifiers links its holders from this surprise on, in bits.",
    )
    least_worth: float = Field(
        default=4.0, ge=0, description="A single identifier links its holders from this worth on, in bits."
    )
    engine: str = Field(default="igraph", description="The graph library that finds communities.")
    resolution: float = Field(
        default=0.25,
        gt=0,
        lt=1,
        description="A part leaves its group when less than twice this share of its ties leads back.",
    )
    exclusive_resolution: float = Field(
        default=0.07,
        gt=0,
        lt=1,
        description="The same for what cards alone hold together: chains are looser.",
    )
    seeds: int = Field(
        default=1,
        ge=1,
        description="How many runs of the search must agree; more than one changed nothing for the better.",
    )
    agreement: float = Field(
        default=0.8, gt=0.5, le=1, description="Share of the runs that must put two accounts together."
    )
    pairs: bool = Field(
        default=True, description="Whether pairs of identifiers link that only together are rare."
    )
    networks: bool = Field(
        default=True,
        description="Whether such a pair must also surprise inside its holders' networks, not only over everybody.",
    )

    @field_validator("engine")
    @classmethod
    def _known_engine(cls, name: str) -> str:
        from graphs.engines import ENGINES  # noqa: PLC0415 - numpy, which most settings do without

        if name not in ENGINES:
            raise ValueError(f"there is no engine {name!r}; choose one of {', '.join(ENGINES)}")
        return name


class PairSettings(_Section):
    """Which pairs of accounts are heavy, as a second way to look for communities."""

    on: bool = Field(
        default=True,
        description="Whether accounts are also grouped by the sum of all that two of them share.",
    )
    least_bits: float = Field(
        default=5.0,
        ge=0,
        description="A pair of accounts counts from so many bits beyond the logarithm of the number of accounts.",
    )
    largest: int = Field(
        default=500, ge=2, description="An identifier with more holders than this is not looked at for pairs."
    )
    resolution: float = Field(
        default=0.15, gt=0, lt=1, description="As 'links.resolution'; what pairs hold together is looser."
    )


class RingSettings(_Section):
    """Which communities are worth a person's time."""

    smallest_ring: int = Field(default=5, ge=2, description="Fewest members of a ring.")
    selection_bits: float = Field(
        default=2.0, ge=0, description="Bits a member must earn because members were picked for being alike."
    )
    least_confidence: float = Field(
        default=0.5,
        ge=0,
        le=1,
        description="An account less sure than this to belong is left out of the ring.",
    )
    least_part: float = Field(
        default=0.3,
        ge=0,
        lt=1,
        description="An account with less than this part of the evidence of the ring's typical member is left out.",
    )
    guide: bool = Field(
        default=True, description="Whether what cards alone hold together may hold a ring together."
    )
    join: bool = Field(
        default=True,
        description="Whether fragments are joined that hold each other's cards, or are surer of themselves together.",
    )
    take_in: bool = Field(
        default=True, description="Whether a ring takes in those who belong to it and are in no group."
    )
    timing: bool = Field(default=True, description="Whether sign-up times speak for and against members.")
    inside: bool = Field(
        default=True,
        description="Whether rings are looked for inside crowds that have something public in common.",
    )
    thread_resolution: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        description="As the resolution of links, for what only a few accounts each hold: every such tie is to others.",
    )


class ScoreSettings(_Section):
    """How behaviour is judged, and what a score means."""

    smallest_stratum: int = Field(
        default=30, ge=2, description="Fewest accounts that are compared among themselves."
    )
    calibration: str | None = Field(
        default=None,
        description="A file of 'linkage calibrate' that says what scores mean; the shipped one if none.",
    )
    victims: bool = Field(
        default=True,
        description="Whether members whose keys may have been stolen are told from the ring's own.",
    )
    decoys: int = Field(
        default=1, ge=0, description="How many worlds of shuffled links a ring's q_value is held against."
    )
    shuffles: int = Field(
        default=20, ge=0, description="How many times behaviour is dealt out anew for a ring's q_value."
    )


_Quarter = Annotated[str, Field(pattern=r"^[0-9]{4}q[1-4]$")]
_HubKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
"""32 bytes in base64."""


class SharingSettings(_Section):
    """What goes out to other labs, and what comes in from them."""

    name: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9-]{1,30}$",
        description="What partners call us, such as lab-a.",
    )
    partners: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="The labs that rings are shared with: name = [the public keys that 'linkage keys show' prints there].",
    )
    terms: str = Field(
        default="For finding and stopping coordinated abuse of model services; not for any other purpose.",
        max_length=500,
        description="What a list may be used for, said in every list.",
    )
    days: int = Field(default=14, ge=1, le=90, description="So many days a list may be imported.")
    address_days: int = Field(
        default=30, ge=1, le=90, description="So many days after its last use an address still counts."
    )
    token_days: int = Field(
        default=180,
        ge=1,
        le=400,
        description="The same for tokens and templates, which change hands less often.",
    )
    fingerprints: bool = Field(
        default=False,
        description="Whether partners' payment processors give cards the fingerprints that ours does; else only "
        "payment account references (PAR) go out.",
    )
    own_networks: tuple[str, ...] = Field(
        default=(), description="Networks of ours and of partners, such as 192.0.2.0/24: never shared."
    )
    documentation_addresses: bool = Field(
        default=False,
        description="Whether addresses reserved for examples may go out, as in invented worlds; nothing real has one.",
    )
    hub: str | None = Field(
        default=None,
        description="The address of a hub that makes tokens and learns no value, such as https://hub.example.com; our "
        "secret there is read from LINKAGE_HUB_TOKEN.",
    )
    hub_keys: dict[_Quarter, _HubKey] = Field(
        default_factory=dict,
        description='The hub\'s public key of each quarter, as all its members have it: 2026q4 = "base64".',
    )
    hub_member: str | None = Field(
        default=None,
        pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
        description="What the hub calls us; 'sharing.name' where nothing is said.",
    )


class Settings(_Section):
    """All settings of a run."""

    columns: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="Their column names, by table: our name = their name."
    )
    evidence: dict[str, EvidenceSettings] = Field(
        default_factory=dict, description="Per kind of evidence; a new name with a column declares a kind."
    )
    links: LinkSettings = Field(default_factory=LinkSettings, description="From evidence to communities.")
    pairs: PairSettings = Field(
        default_factory=PairSettings, description="From evidence to communities, pair by pair."
    )
    rings: RingSettings = Field(default_factory=RingSettings, description="From communities to rings.")
    scores: ScoreSettings = Field(default_factory=ScoreSettings, description="From rings to scores.")
    sharing: SharingSettings = Field(
        default_factory=SharingSettings, description="Lists to and from other labs; no result depends on it."
    )
    expire_days: int = Field(
        default=400,
        ge=1,
        description="In a case, what happened more than so many days before its last event counts no more.",
    )
    seed: int = Field(default=1, ge=0, description="The seed of everything random.")
    wait: float = Field(
        default=30.0, ge=0, description="Most seconds to wait for another program that has the case open."
    )
    memory: str = Field(
        default="66%",
        description="Most memory for tables, such as 4GB, or a share of the machine's or the container's; what does not "
        "fit is spilled to disk, beside the case.",
    )

    @field_validator("memory")
    @classmethod
    def _readable_size(cls, size: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B|[1-9]\d?%", size):
            raise ValueError("write a size such as 4GB or 512MB, or a share such as 50%")
        return size


def knobs(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """List every knob as dotted name, value and sentence, in the order of this file.

    >>> next(name for name, _, _ in knobs(Settings()) if name.startswith("rings"))
    'rings.smallest_ring'
    """
    for name, info in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, _Section):
            for inner, inner_info in type(value).model_fields.items():
                yield f"{name}.{inner}", getattr(value, inner), inner_info.description or ""
        else:
            yield name, value, info.description or ""
