"""Which accounts of ours a partner's list points to: reasons to look, which ban nobody by themselves."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from linkage.sharing.audit import record
from linkage.sharing.gates import NEVER
from linkage.sharing.hub_in_use import can_be_asked
from linkage.sharing.keyring import keyring
from linkage.sharing.model import Scheme
from linkage.sharing.own_values import OwnValues
from linkage.sharing.records import Records
from linkage.sharing.remembered_tokens import RememberedTokens
from linkage.sharing.sketches import Sketch, likeness, sketch, words5
from linkage.sharing.standing import standing_selectors
from linkage.sharing.texts import beginning_alike
from linkage.sharing.tokens import PairKey, accepts, enumerable, tokens
from linkage.sharing.told import value_digest
from linkage.tables import derive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkage.evidence.kind import EvidenceKind
    from linkage.settings import SharingSettings
    from linkage.sharing.hub_in_use import HubInUse
    from linkage.sharing.keyring import Keyring
    from linkage.sharing.received import ReceivedSelector
    from linkage.store import Case
    from linkage.tables import Logs

MOST_ACCOUNTS = 20
MOST_SHARE = 0.0001
"""A selector that points to more accounts than either is no sign of a ring here: it is set aside."""
ALIKE = 0.5
"""Runs of words in common from which two templates are one, reworded here and there."""


@dataclass(frozen=True)
class Match:
    """A selector of a partner's that points to accounts of ours.

    Args:
        producer: the partner.
        ring: its ring.
        kind: what it is.
        accounts: whom it points to, by id.
        confidence: what the partner says, 0 to 100.
        standing: ``seed`` where it is a reason to look; ``look`` where the partner itself shares it only for that;
            ``echo`` where we told of the value ourselves; ``quarantined`` where it points to too many.
        seen: since when the partner knows it.
    """

    producer: str
    ring: str
    kind: str
    accounts: tuple[str, ...]
    confidence: int
    standing: str
    seen: datetime


def match(  # noqa: PLR0913 - whose lists, against what, by whom and when
    case: Case,
    logs: Logs,
    kinds: Sequence[EvidenceKind],
    settings: SharingSettings,
    *,
    by: str,
    now: datetime,
    hub: HubInUse | None = None,
) -> list[Match]:
    """Hold all that partners say against our own accounts, and keep what follows as signals for the next run.

    Args:
        case: an open case.
        logs: its tables.
        kinds: the kinds of evidence.
        settings: for how long tokens count.
        by: who asks.
        now: the time.
        hub: makes the tokens of our values where selectors are such; without one, those point to nobody.

    Returns:
        What points to anybody, by partner, ring and kind.

    Raises:
        SettingsError: our secret at the hub is needed and not given.
        DataError: the hub is needed and does not answer as it should; the case is as it was before.
        MissingPartError: it is needed, and ``voprf`` is not installed.
    """
    selectors = standing_selectors(case, now)
    keys = keyring(case)
    own = _Own(case, logs, kinds, keys, settings.token_days, now, hub)
    shared = Records(case).shared_values()
    limit = max(MOST_ACCOUNTS, int(MOST_SHARE * own.accounts))
    # What we know to be shared points to nobody; its kind is not asked for, since no value is of two.
    allowed = _allowed(logs, now)
    known = {row[1].strip() for row in logs.known_shared.rows()}
    hits = [
        (
            selector.mark,
            _judged(
                selector,
                accounts,
                values,
                keys,
                shared,
                0 if known & values or allowed & set(accounts) else limit,
            ),
        )
        for selector, accounts, values in own.find(selectors)
    ]
    found = [each for _, each in hits]
    signals = {
        (account, f"{each.producer} {each.ring}"): each.seen
        for each in sorted(found, key=lambda each: each.seen, reverse=True)
        if each.standing == "seed"
        for account in each.accounts
    }
    sources = {
        (account, f"{each.producer} {each.ring}", mark)
        for mark, each in hits
        if each.standing == "seed"
        for account in each.accounts
    }
    with case.changing():
        rows = [(*name, seen) for name, seen in sorted(signals.items())]
        changed = Records(case).keep_signals(rows, sources)
        record(
            case,
            "match",
            at=now,
            by=by,
            selectors=len(selectors),
            matched=len(found),
            quarantined=sum(each.standing == "quarantined" for each in found),
            echoes=sum(each.standing == "echo" for each in found),
            accounts=len({account for account, _ in signals}),
            changed=changed,
        )
    return sorted(found, key=lambda each: (each.producer, each.ring, each.kind, each.standing, each.accounts))


def _allowed(logs: Logs, now: datetime) -> frozenset[str]:
    """Name the accounts on the allowlist, by id or organisation: a selector that points to one is not to be trusted."""
    rows = derive(
        """
        with valid as (select kind, lower(value) as value, value as id from allowlist where until is null or until >= ?)
        select id from valid where kind = 'account'
        union
        select account_id from valid join accounts on kind = 'org' and value in (lower(org), lower(email_domain))
        """,
        [now],
        allowlist=logs.allowlist,
        accounts=logs.accounts,
    ).rows()
    return frozenset(account_id for (account_id,) in rows)


def _judged(  # noqa: PLR0913, PLR0917 - all that decides what a match is worth
    selector: ReceivedSelector,
    accounts: tuple[str, ...],
    values: frozenset[str],
    keys: Keyring,
    shared: frozenset[str],
    limit: int,
) -> Match:
    echo = any(value_digest(keys, selector.kind, value) in shared for value in values)
    standing = (
        "echo" if echo else "quarantined" if len(accounts) > limit else "look" if selector.soft else "seed"
    )
    return Match(
        selector.producer,
        selector.ring,
        selector.kind,
        accounts,
        selector.confidence,
        standing,
        selector.valid_from,
    )


class _Own:
    """Our accounts by what partners can name: addresses, tokens and templates."""

    def __init__(  # noqa: PLR0913, PLR0917 - all by which partners can name them
        self,
        case: Case,
        logs: Logs,
        kinds: Sequence[EvidenceKind],
        keys: Keyring,
        days: int,
        now: datetime,
        hub: HubInUse | None = None,
    ) -> None:
        self._logs, self._keys, self._days, self._now, self._hub = logs, keys, days, now, hub
        self._remembered = RememberedTokens(case, hub) if hub else None
        self._held = OwnValues(logs, kinds)
        self.accounts = self._held.accounts

    def find(
        self, selectors: Sequence[ReceivedSelector]
    ) -> Iterator[tuple[ReceivedSelector, tuple[str, ...], frozenset[str]]]:
        """Give each selector that points to somebody, whom it points to, and the values of ours that it stands for."""
        sorted_out: dict[tuple[str, Scheme], list[ReceivedSelector]] = defaultdict(list)
        for each in selectors:
            sorted_out[each.kind, each.scheme].append(each)
        for (kind, scheme), listed in sorted(sorted_out.items()):
            if scheme is Scheme.minhash:
                for place, (accounts, beginnings) in sorted(self._templates(listed).items()):
                    yield listed[place], tuple(sorted(accounts)), frozenset(beginnings)
            else:
                hits = self._values_named(kind, scheme, listed)
                holders = self._held.holders(kind, {value for values in hits.values() for value in values})
                for place, values in sorted(hits.items()):
                    holding = {account_id for value in values for account_id in holders[value]}
                    if holding:
                        yield listed[place], tuple(sorted(holding)), frozenset(values)

    def _values_named(
        self, kind: str, scheme: Scheme, listed: Sequence[ReceivedSelector]
    ) -> dict[int, set[str]]:
        if scheme is Scheme.raw:
            return self._addresses(listed)
        return self._tokens(kind, listed) if scheme is Scheme.hmac else self._tokens_of_hub(kind, listed)

    def _addresses(self, listed: Sequence[ReceivedSelector]) -> dict[int, set[str]]:
        """Find own addresses that a selector names, or that lie in a network it names."""
        by_network: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, each in enumerate(listed):
            network = ipaddress.ip_network(each.value, strict=False)
            by_network[network.version, network.prefixlen][int(network.network_address)].append(place)
        hits: dict[int, set[str]] = defaultdict(set)
        for value in self._held.values("ip"):
            own = ipaddress.ip_network(value)
            for (version, length), places in by_network.items():
                if version == own.version and length <= own.prefixlen:
                    start = (
                        int(own.network_address)
                        >> (own.max_prefixlen - length)
                        << (own.max_prefixlen - length)
                    )
                    for place in places.get(start, ()):
                        hits[place].add(value)
        return hits

    def _tokens(self, kind: str, listed: Sequence[ReceivedSelector]) -> dict[int, set[str]]:
        """Make the tokens of own values under each key that selectors were made with."""
        hits: dict[int, set[str]] = defaultdict(set)
        values = [value for value in self._held.values(kind) if enumerable(kind, value) is None]
        for key, places in self._keyed(listed):
            made = dict(zip(tokens(key, kind, values), values, strict=True))
            for place in places:
                if listed[place].value in made:
                    hits[place].add(made[listed[place].value])
        return hits

    def _tokens_of_hub(self, kind: str, listed: Sequence[ReceivedSelector]) -> dict[int, set[str]]:
        """Ask the hub for the tokens of own values, under each of its keys that selectors name and we pinned."""
        hits: dict[int, set[str]] = defaultdict(set)
        # Nobody shares such kinds, and each value that is asked for counts.
        if self._hub is None or self._remembered is None or kind in NEVER or kind == "prompt":
            return hits
        by_epoch: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, each in enumerate(listed):
            epoch = self._hub.accepted(each.key_id, self._now, overlap_days=self._days)
            if epoch is not None:
                by_epoch[epoch][each.value].append(place)
        values = sorted(filter(can_be_asked, self._held.values(kind))) if by_epoch else []
        for epoch, places in sorted(by_epoch.items()):
            for made, value in zip(self._remembered.tokens(epoch, kind, values), values, strict=True):
                for place in places.get(made, ()):
                    hits[place].add(value)
        return hits

    def _templates(self, listed: Sequence[ReceivedSelector]) -> dict[int, tuple[set[str], set[str]]]:
        """Sketch own prompts that begin alike, and compare those that meet in a band: who sent them, and how they begin."""
        hits: dict[int, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
        for key, places in self._keyed(listed):
            bands: dict[str, list[int]] = defaultdict(list)
            for place in places:
                for band in Sketch.of_text(listed[place].value).bands(key):
                    bands[band].append(place)
            for beginning, texts in beginning_alike(self._logs):
                drawn = sketch(_in_common(texts), key)
                if drawn is None:
                    continue
                for place in {place for band in drawn.bands(key) for place in bands.get(band, ())}:
                    if likeness(drawn, Sketch.of_text(listed[place].value)) >= ALIKE:
                        hits[place][0].update(texts)
                        hits[place][1].add(beginning)
        return hits

    def _keyed(self, listed: Sequence[ReceivedSelector]) -> Iterator[tuple[PairKey, list[int]]]:
        """Put selectors together by the key they were made with, as far as we have it and it still counts."""
        by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, each in enumerate(listed):
            by_key[each.producer, each.key_id].append(place)
        for (producer, key_id), places in sorted(by_key.items()):
            key = self._keys.by_id(producer, key_id)
            if key is not None and accepts(key, self._now, overlap_days=self._days):
                yield key, places


def _in_common(texts: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Take the runs of words that several accounts have in common, or several prompts where there is one account."""
    if len(texts) > 1:
        return words5(dict(texts.items()))
    (listed,) = texts.values()
    return words5(dict(enumerate([[text] for text in listed])))
