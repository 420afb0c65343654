"""A ring as a person sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Reason:
    """What one kind of evidence says for a ring.

    Args:
        kind: the kind of evidence.
        bits: what it adds for the average member.
        identifiers: how many identifiers of the kind members share.
        accounts: how many members share one.
        sentence: the same in words.
    """

    kind: str
    bits: float
    identifiers: int
    accounts: int
    sentence: str


@dataclass(frozen=True)
class Member:
    """An account's place in a ring.

    Args:
        account_id: the account.
        confidence: how sure it is that the account belongs, 0 to 1.
        extraction_score: how much its own behaviour looks like extraction, 0 to 1; None where nothing is known.
        role: ``member``, ``neighbour`` where all that ties it could have been given to a victim or copied from one, ``compromised``
            where the ring may work through its stolen key, ``bridge`` where two parts of the ring would share little
            without it, or ``allowed`` where it is on the allowlist.
        least_confidence: the confidence that would be left without the identifier that says most for it.
    """

    account_id: str
    confidence: float
    extraction_score: float | None
    role: str
    least_confidence: float


@dataclass(frozen=True)
class Ring:
    """A community worth a person's time; the fields are those of ``linkage rings --format json``.

    Args:
        ring: the name, kept from run to run.
        score: how sure it is that this is a coordinated extraction operation, 0 to 1.
        linked: how sure it is that the members are one operation, 0 to 1.
        extraction: how sure it is that the traffic is extraction, 0 to 1; None where nothing is known.
        q_value: the share of false ones to expect among rings this strong, by chance, among honest groups or by
            their scores; None where nothing is known of behaviour.
        accounts: how many members.
        events: how many events they made.
        first_seen: the first of them.
        last_seen: the last of them.
        evidence: what ties the members, strongest first.
        benign_explanation: an honest reading of the ring, where there is one.
        state: what became of it since the run before: ``new``, ``known`` (unchanged), ``grew``, ``shrank``, ``merged``,
            ``split``, ``ended``, or ``returned`` where a ring that was stopped came back with new accounts.
        judgement: what a person said of it.
        members: the accounts, surest first.
        signals: what the extraction score is made of, each 0 to 1.
        joined: the accounts that it had not in the run before.
        kin: the rings that it merged with, came from, fell into or came back as.
        news: what is new of it since a person dismissed it; nothing where that is not worth another look.
    """

    ring: str
    score: float
    linked: float
    extraction: float | None
    q_value: float | None
    accounts: int
    events: int
    first_seen: datetime | None
    last_seen: datetime | None
    evidence: tuple[Reason, ...]
    benign_explanation: str | None
    state: str
    judgement: str | None
    members: tuple[Member, ...]
    signals: dict[str, float] = field(default_factory=dict)
    joined: tuple[str, ...] = ()
    kin: tuple[str, ...] = ()
    news: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether a person dismissed it, and nothing is new since."""
        return self.judgement == "dismiss" and not self.news

    def document(self, *, members: bool = False) -> dict[str, Any]:
        """Write the ring as plain values, in the order of the contract."""
        # No "asdict": it copies each value of each member deeply, and a run writes all of its rings down.
        plain = dict(vars(self))
        for name in ("first_seen", "last_seen"):
            plain[name] = _stamp(plain[name])
        plain["evidence"] = [dict(vars(reason)) for reason in plain["evidence"]]
        # Names of accounts come last, and only where they are wanted.
        for name in ("kin", "news", "joined", "members"):
            plain[name] = list(plain.pop(name))
        if members:
            plain["members"] = [dict(vars(member)) for member in plain["members"]]
        else:
            del plain["members"], plain["joined"]
        del plain["signals"]
        return plain

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Self:
        """Read a ring back from its plain values, members and signals among them."""
        values = dict(document)
        for name in ("first_seen", "last_seen"):
            values[name] = values[name] and datetime.fromisoformat(values[name]).replace(tzinfo=None)
        values["evidence"] = tuple(Reason(**reason) for reason in values["evidence"])
        values["members"] = tuple(Member(**member) for member in values["members"])
        for name in ("joined", "kin", "news"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
