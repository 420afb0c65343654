"""What would go out to a partner: rings, what to look for, and what was held back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkage.evidence.collect import Evidence
from linkage.settings import SharingSettings
from linkage.sharing.gates import Held, held_back, networks, shareable
from linkage.sharing.hub_in_use import can_be_asked
from linkage.sharing.ids import Ids
from linkage.sharing.model import Scheme, Selector, SharedMember, SharedRing
from linkage.sharing.sketches import sketch, words5
from linkage.sharing.texts import BEGINNING, beginning_alike
from linkage.sharing.tokens import PairKey, enumerable, token
from linkage.sharing.warninglists import WarningLists
from linkage.tables import Logs

if TYPE_CHECKING:
    from linkage.decisions.policy import Decision
    from linkage.rings.ring import Ring
    from linkage.sharing.gates import Shareable

PAR_LENGTH = 29
"""Characters of a payment account reference (EMVCo), the only name of a card that is the same for every merchant."""
Written = tuple[str, Scheme, str, tuple[str, ...]]
"""A value as it goes out: kind, scheme, value and bands."""
_NO_KEY = "no key is shared with this partner yet"
_STEPS = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))
_INSIDE = frozenset({"member"})
"""Roles of those who are no victims where a person must look at them: they are only less sure to belong."""


@dataclass(frozen=True)
class Proposal:
    """What would go out, before anything is written.

    Args:
        rings: as they would go out, by name.
        held: what was held back, and why.
        values: kind and value of every selector as we know it, which stays here.
    """

    rings: tuple[SharedRing, ...]
    held: tuple[Held, ...]
    values: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sources:
    """What a proposal is made of.

    Args:
        logs: the checked tables.
        evidence: what accounts share.
        created: account ids and when they were made.
        reviewers: by ring, how many people confirmed it.
        ids: names of what goes out.
        key: of the pair; None where none is agreed on, so that only addresses and tokens of a hub go out.
        lists: networks that must not go out.
        settings: for how long what goes out counts.
        hub: makes the tokens of values of a kind with a hub that cannot read them; None where there is none.
        hub_key_id: under which key it does.
        private_addresses: addresses go out as such tokens and not as they are.
    """

    logs: Logs
    evidence: Evidence
    created: Mapping[str, datetime | None]
    reviewers: Mapping[str, int]
    ids: Ids
    key: PairKey | None
    lists: WarningLists
    settings: SharingSettings
    hub: Callable[[str, Sequence[str]], list[str]] | None = None
    hub_key_id: str = ""
    private_addresses: bool = False


def propose(
    rings: Sequence[Ring], decisions: Sequence[Decision], sources: Sources, now: datetime
) -> Proposal:
    """Say what would go out of some rings: of their members only those whom we block ourselves.

    Args:
        rings: whole, as found.
        decisions: of each member.
        sources: what it is made of.
        now: when it would go out.
    """
    blocked: dict[str, dict[str, float]] = {ring.ring: {} for ring in rings}
    doubted = set()
    for decision in decisions:
        if decision.decision == "block" and decision.ring.ring in blocked:
            blocked[decision.ring.ring][decision.account_id] = decision.member.confidence
        elif (
            decision.ring.ring in blocked
            and decision.decision == "review"
            and decision.member.role in _INSIDE
        ):
            doubted.add(decision.account_id)
    passed, held = shareable(blocked, sources.evidence, sources.lists, doubted=doubted)
    found = networks(blocked, sources.evidence)
    stopped: Counter[tuple[str, str, str]] = Counter()
    tokens = _tokens_of_hub(passed, sources)
    shared, values = [], set()
    for ring in rings:
        mine = [each for each in passed if each.ring == ring.ring]
        selectors = []
        for each, made in _selectors(mine, blocked[ring.ring], ring, sources, tokens, now):
            if isinstance(made, str):
                stopped[ring.ring, each.kind, made] += 1
            elif made.valid_until <= now:
                stopped[ring.ring, each.kind, "nobody was seen with it for too long"] += 1
            else:
                selectors.append(made)
                values.add(
                    ("template", each.example[:BEGINNING])
                    if each.kind == "prompt"
                    else (each.kind, each.value)
                )
        shared.append(_ring(ring, blocked[ring.ring], selectors, found.get(ring.ring, ()), sources, now))
    return Proposal(
        tuple(sorted(shared, key=lambda each: each.ring)),
        (*held, *held_back(stopped)),
        frozenset(values),
    )


def _ring(  # noqa: PLR0913, PLR0917 - what is said of a ring comes together here
    ring: Ring,
    accounts: Mapping[str, float],
    selectors: list[Selector],
    found: tuple[int, ...],
    sources: Sources,
    now: datetime,
) -> SharedRing:
    members = [
        SharedMember(
            sources.ids.account(account_id), _hour(sources.created.get(account_id)), round(100 * confidence)
        )
        for account_id, confidence in accounts.items()
    ]
    return SharedRing(
        ring=ring.ring,
        score=ring.score,
        linked=ring.linked,
        extraction=ring.extraction,
        first_seen=_hour(ring.first_seen),
        last_seen=_hour(ring.last_seen),
        created=now,
        modified=now,
        members=tuple(sorted(members, key=lambda each: (-each.confidence, each.token))),
        selectors=tuple(_once(selectors)),
        networks=found,
        # What other partners say is theirs to tell, and would come back from this one as news.
        summary=tuple(reason.sentence for reason in ring.evidence if reason.kind != "partner"),
        reviewers=sources.reviewers.get(ring.ring, 0),
    )


def _once(selectors: list[Selector]) -> list[Selector]:
    """Keep one of selectors that look for the same: two levels of one template have one sketch."""
    kept: dict[tuple[str, str, str], Selector] = {}
    for each in sorted(selectors, key=lambda each: (each.kind, each.scheme, each.value, -each.accounts)):
        kept.setdefault((each.kind, each.scheme, each.value), each)
    return list(kept.values())


def _selectors(  # noqa: PLR0913, PLR0917 - all that a selector is made of
    passed: Sequence[Shareable],
    accounts: Mapping[str, float],
    ring: Ring,
    sources: Sources,
    tokens: Mapping[tuple[str, str], str],
    now: datetime,
) -> list[tuple[Shareable, Selector | str]]:
    """Write each value as a selector, or say why it cannot be one."""
    beginnings = sorted({each.example[:BEGINNING] for each in passed if each.kind == "prompt"})
    texts = (
        dict(beginning_alike(sources.logs, accounts=sorted(accounts), beginnings=beginnings))
        if beginnings
        else {}
    )
    made: list[tuple[Shareable, Selector | str]] = []
    for each in passed:
        if each.kind == "prompt":
            written = _template(texts.get(each.example[:BEGINNING], {}), sources.key)
        else:
            written = _written(each, sources, tokens)
        made.append(
            (each, written if isinstance(written, str) else _selector(each, written, ring, sources, now))
        )
    return made


def _written(each: Shareable, sources: Sources, tokens: Mapping[tuple[str, str], str]) -> Written | str:
    scheme = _scheme(each, sources)
    if not isinstance(scheme, Scheme):
        return scheme
    if scheme is Scheme.oprf:
        return each.kind, scheme, tokens[each.kind, each.value], ()
    if scheme is Scheme.hmac and sources.key is not None:
        return each.kind, scheme, token(sources.key, each.kind, each.value), ()
    return each.kind, Scheme.raw, each.value, ()


def _scheme(each: Shareable, sources: Sources) -> Scheme | str:
    """Say how a value goes out, or why it does not."""
    if each.kind == "ip" and not sources.private_addresses:
        return Scheme.raw
    if sources.key is None and sources.hub is None:
        return _NO_KEY
    if not comparable(each.kind, each.value, sources.settings):
        return "a card's fingerprint means nothing to another lab; ask the processor for account references (PAR)"
    reason = enumerable(each.kind, each.value)
    if sources.hub is not None and (reason or sources.key is None):
        return Scheme.oprf if can_be_asked(each.value) else "it is longer than a hub takes"
    return reason or Scheme.hmac


def _tokens_of_hub(passed: Sequence[Shareable], sources: Sources) -> dict[tuple[str, str], str]:
    """Ask the hub for the tokens of all rings at once: it counts values, and a value of two rings is one."""
    asked: dict[str, set[str]] = defaultdict(set)
    for each in passed:
        if each.kind != "prompt" and _scheme(each, sources) is Scheme.oprf:
            asked[each.kind].add(each.value)
    made: dict[tuple[str, str], str] = {}
    for kind, distinct in sorted(asked.items()):
        values = sorted(distinct)
        if sources.hub is not None:
            made |= zip([(kind, value) for value in values], sources.hub(kind, values), strict=True)
    return made


def comparable(kind: str, value: str, settings: SharingSettings) -> bool:
    """Say whether another lab can have the same value: of cards most processors make names of their own for each.

    >>> comparable("payment", "fp_9a1c", SharingSettings()), comparable("ip", "203.0.113.7", SharingSettings())
    (False, True)
    """
    return kind != "payment" or settings.fingerprints or is_account_reference(value)


def _template(texts: Mapping[str, list[str]], key: PairKey | None) -> Written | str:
    if key is None:
        return _NO_KEY
    drawn = sketch(words5(dict(texts.items())), key)
    if drawn is None:
        return "its prompts have too few words in common to be sketched without being told"
    return "template", Scheme.minhash, drawn.text(), drawn.bands(key)


def _selector(
    each: Shareable,
    written: Written,
    ring: Ring,
    sources: Sources,
    now: datetime,
) -> Selector:
    kind, scheme, value, bands = written
    days = sources.settings.address_days if kind == "ip" else sources.settings.token_days
    last = _hour(each.last_seen) or _hour(ring.last_seen) or now
    start = _hour(each.first_seen) or last
    return Selector(
        kind=kind,
        scheme=scheme,
        value=value,
        key_id=_key_id(scheme, sources),
        valid_from=start,
        valid_until=max(last, start) + timedelta(days=days),
        confidence=round(100 * ring.score * each.confidence),
        accounts=rounded(each.accounts),
        soft=each.soft,
        bands=bands,
    )


def _key_id(scheme: Scheme, sources: Sources) -> str:
    if scheme is Scheme.oprf:
        return sources.hub_key_id
    return "" if scheme is Scheme.raw or sources.key is None else sources.key.key_id


def is_account_reference(value: str) -> bool:
    """Say whether a card is named by its payment account reference.

    >>> is_account_reference("V0010013022298169667504231315"), is_account_reference("fp_9a1c")
    (True, False)
    """
    return len(value) == PAR_LENGTH and value.isascii() and value.isalnum() and value == value.upper()


def rounded(accounts: int) -> int:
    """Round a count down to 2, 5, 10, 20, 50, …: an exact one would tell more than a partner needs."""
    return max((step for step in _STEPS if step <= accounts), default=1)


def _hour(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(minute=0, second=0, microsecond=0)
