"""What goes out to a partner: rings that may, and news of those it was told of before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from linkage.errors import DataError, SettingsError
from linkage.sharing.gates import Held
from linkage.sharing.keyring import keyring
from linkage.sharing.model import Package, SharedRing, Tlp
from linkage.sharing.partners import named
from linkage.sharing.proposal import Sources, propose
from linkage.sharing.records import Records
from linkage.sharing.remembered_tokens import RememberedTokens
from linkage.sharing.tokens import epoch_of
from linkage.sharing.told import Words, rings_told
from linkage.sharing.vanished import with_vanished
from linkage.sharing.warninglists import WarningLists

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from linkage.decisions.policy import Decision
    from linkage.evidence.collect import Evidence
    from linkage.rings.ring import Ring
    from linkage.settings import SharingSettings
    from linkage.sharing.hub_in_use import HubInUse
    from linkage.store import Case
    from linkage.tables import Logs


@dataclass(frozen=True)
class Draft:
    """A list that could go out now.

    Args:
        package: all that it tells.
        held: what was held back, and why.
        values: kind and value of each selector, as only we know it.
        new: rings that this partner has not been told of.
        changed: rings of which something else is said than in the last list.
        taken_back: rings that are revoked.
    """

    package: Package
    held: tuple[Held, ...]
    values: frozenset[tuple[str, str]]
    new: tuple[str, ...]
    changed: tuple[str, ...]
    taken_back: tuple[str, ...]


def draft(  # noqa: PLR0913, PLR0917 - what a list depends on
    case: Case,
    logs: Logs,
    evidence: Evidence,
    rings: Sequence[Ring],
    decisions: Sequence[Decision],
    settings: SharingSettings,
    *,
    partner: str,
    tlp: Tlp,
    score_model: str,
    now: datetime,
    unreviewed: bool = False,
    hub: HubInUse | None = None,
    private_addresses: bool = False,
    lapsed: Collection[str] = (),
) -> Draft:
    """Put together what a partner would be told now: these rings, and news of those it was told of before.

    Args:
        case: an open case.
        logs: its tables.
        evidence: what accounts share.
        rings: those to go out.
        decisions: of all rings' members.
        settings: our name, partners, and for how long things count.
        partner: for whom.
        tlp: how far it may be passed on.
        score_model: the calibration.
        now: the time.
        unreviewed: rings that nobody confirmed may go out; the list says that they are such.
        hub: makes tokens of what could be found by trying all there is; without one, that is held back.
        private_addresses: addresses go out as such tokens, too, and not as they are.
        lapsed: rings that a person no longer stands by: they are taken back.

    Raises:
        SettingsError: we have no name, the partner is none of ours, or tokens of a hub are needed and something is
            missing for them.
        DataError: a ring was not confirmed, or nothing is left of it to share.
    """
    me = named(settings, partner)
    if private_addresses and hub is None:
        raise SettingsError(
            "sharing.hub: addresses can only be hidden with a hub; name it, or share them as they are"
        )
    records = Records(case)
    said = records.last_judgements()
    gone = records.revoked() | {ring: "dismissed" for ring, word in said.items() if word == "dismiss"}
    _check_reviewed(rings, said, unreviewed=unreviewed)
    told = rings_told(case, partner)
    standing = [ring for ring in rings if ring.ring not in gone]
    sources = _sources(
        case, logs, evidence, settings, partner, now, hub=hub, private_addresses=private_addresses
    )
    proposal = propose(standing, decisions, sources, now)
    empty = {ring.ring for ring in proposal.rings if not ring.selectors and not ring.members}
    # A ring of which nobody is to be blocked any more is taken back, too.
    gone |= dict.fromkeys(empty, "nobody left to block") | dict.fromkeys(lapsed, "no longer confirmed")
    if empty and not told and len(empty) == len(proposal.rings):
        raise DataError(
            f"nothing is left of {', '.join(sorted(empty))} to share: no member of it is to be blocked"
        )
    words = Words(tlp.value, settings.terms, score_model)
    anew = bool(told) and words != Words.last_told(case, partner)
    whole = [
        with_vanished(ring, told.get(ring.ring), now) for ring in proposal.rings if ring.ring not in empty
    ]
    fresh = {ring.ring: _dated(ring, told.get(ring.ring), anew=anew) for ring in whole}
    revoked = {name: _revoked(ring, now) for name, ring in told.items() if name in gone}
    kept = {
        name: replace(ring, modified=max(now, ring.modified + timedelta(seconds=1))) if anew else ring
        for name, ring in told.items()
        if name not in fresh and name not in revoked
    }
    package = Package(
        producer=me,
        recipient=partner,
        tlp=tlp,
        rings=tuple(ring for _, ring in sorted((kept | revoked | fresh).items())),
        score_model=score_model,
        terms=settings.terms,
    )
    return Draft(
        package,
        proposal.held,
        proposal.values,
        new=tuple(sorted(fresh.keys() - told.keys())),
        changed=tuple(sorted(name for name in fresh.keys() & told.keys() if fresh[name] != told[name])),
        taken_back=tuple(sorted(name for name in revoked if not told[name].revoked)),
    )


def _sources(  # noqa: PLR0913, PLR0917 - as ``draft``
    case: Case,
    logs: Logs,
    evidence: Evidence,
    settings: SharingSettings,
    partner: str,
    now: datetime,
    *,
    hub: HubInUse | None,
    private_addresses: bool,
) -> Sources:
    """Gather what a proposal is made of, as it stands in the case now."""
    keys, records = keyring(case), Records(case)
    return Sources(
        logs,
        evidence,
        created=records.created(),
        reviewers=records.reviewers(),
        ids=keys.ids,
        key=keys.pair(partner, now) if partner in keys.pairs else None,
        lists=WarningLists({"own": settings.own_networks}, examples=settings.documentation_addresses),
        settings=settings,
        hub=partial(RememberedTokens(case, hub).tokens, epoch_of(now)) if hub else None,
        hub_key_id=hub.key_id(epoch_of(now)) if hub else "",
        private_addresses=private_addresses,
    )


def _check_reviewed(rings: Sequence[Ring], said: Mapping[str, str], *, unreviewed: bool) -> None:
    unconfirmed = [ring.ring for ring in rings if said.get(ring.ring) != "confirm"]
    dismissed = [name for name in unconfirmed if said.get(name) == "dismiss"]
    if dismissed:
        raise DataError(f"{', '.join(dismissed)}: a person dismissed it; it is not shared")
    if unconfirmed and not unreviewed:
        raise DataError(
            f"nobody confirmed {', '.join(unconfirmed)}: look at it, then 'linkage judge {unconfirmed[0]} confirm "
            "--reason TEXT'; or say --unreviewed, and the list says so too"
        )


def _dated(ring: SharedRing, told: SharedRing | None, *, anew: bool = False) -> SharedRing:
    """Keep the dates of a ring of which nothing else is said than before, unless how far it may go has changed."""
    if told is None:
        return ring
    same = replace(ring, created=told.created, modified=told.modified)
    later = max(ring.modified, told.modified + timedelta(seconds=1))
    return told if same == told and not anew else replace(ring, created=told.created, modified=later)


def _revoked(ring: SharedRing, now: datetime) -> SharedRing:
    if ring.revoked:
        return ring
    return replace(ring, revoked=True, modified=max(now, ring.modified + timedelta(seconds=1)))
