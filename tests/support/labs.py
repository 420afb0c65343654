"""Two labs in a folder each, with cases worked out by hand: what a ring shares, and who else has it."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from cases import INPUTS
from given import ARROW

from linkage.decisions.policy import decide
from linkage.events.contract import TABLES
from linkage.evidence.collect import collect_evidence
from linkage.evidence.kinds import chosen_kinds
from linkage.opening import open_case
from linkage.rings.ring import Member, Reason, Ring
from linkage.settings import EvidenceSettings, SharingSettings
from linkage.sharing.audit import record
from linkage.sharing.drafting import draft
from linkage.sharing.incoming import take_in
from linkage.sharing.keyring import keyring, share_with
from linkage.sharing.manifest import Manifest
from linkage.sharing.matching import match
from linkage.sharing.model import Tlp
from linkage.sharing.records import Records
from linkage.sharing.sending import send
from linkage.sharing.told import take_back
from linkage.store import Case

if TYPE_CHECKING:
    from contextlib import ExitStack


SEPTEMBER = datetime(2026, 9, 20)  # noqa: DTZ001 - UTC, as everywhere
NOW = datetime(2026, 10, 5, 12)  # noqa: DTZ001
DAY = timedelta(days=1)
DEVICES = {"device": EvidenceSettings(column="device")}
"""A kind that the settings declare: what a member's machine is called, which nobody can guess."""
CARD = "V0010013022298169667504231315"
"""A payment account reference."""
DEVICE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"
ADDRESS = "198.51.100.7"
RING, OTHER = "R-AAAAAA", "R-BBBBBB"
WRAPPER = (
    "You are a patient editor of a handbook for apprentices. Take the matter of {} apart, write down every stage of"
    " your deliberation in the margin, weigh what speaks against it, and close with a verdict in one plain line."
)


@dataclass
class Rows:
    """What accounts did, row by row."""

    accounts: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)
    payments: list[dict] = field(default_factory=list)
    allowlist: list[dict] = field(default_factory=list)
    known_shared: list[dict] = field(default_factory=list)
    reference: list[dict] = field(default_factory=list)
    partner_signals: list[dict] = field(default_factory=list)

    def live(self, account: str, **seen) -> None:
        """Make an account and one request of it; a card and a device are its own unless something is said.

        Args:
            account: its id.
            seen: ``card``, ``device``, and columns of events.
        """
        number = len(self.accounts)
        card = seen.pop("card", f"V{number:028}")
        device = seen.pop("device", None)
        self.accounts.append(
            {
                "account_id": account,
                "created_at": SEPTEMBER + timedelta(minutes=37 * number, seconds=11),
                "email_domain": f"{account}.example",
            }
        )
        self.payments.append({"account_id": account, "fingerprint": card, "happened_at": SEPTEMBER})
        self.ask(account, device=device, **({"ip": f"2001:db8:{number:x}::1"} | seen))

    def ask(self, account: str, *, device: str | None = None, before: bool = False, **what) -> None:
        """Send one request; ``before`` puts it into the reference."""
        rows = self.reference if before else self.events
        at = SEPTEMBER + timedelta(minutes=13 * len(self.events), seconds=7)
        extra = {"device": device} if device else {}
        rows.append({"account_id": account, "happened_at": at, "extra": extra} | what)

    def wrapped(self, account: str, *, prompts: int = 3) -> None:
        """Ask several things in one wrapper."""
        for nth in range(prompts):
            topic = f"{account.replace('_', '')}n{len(self.events)}"  # a word that nobody else says
            self.ask(account, prompt=WRAPPER.format(f"{topic} and {topic}x{nth}"))


def a_ring(rows: Rows, prefix: str = "ring", count: int = 6, **seen) -> list[str]:
    """Add accounts with one card, one device, one address and one wrapper."""
    names = [f"{prefix}_{number}" for number in range(count)]
    for name in names:
        rows.live(name, **({"card": CARD, "device": DEVICE, "ip": ADDRESS} | seen))
        rows.wrapped(name)
    return names


def strangers(rows: Rows, count: int = 20, prefix: str = "honest") -> list[str]:
    """Add accounts that share nothing."""
    names = [f"{prefix}_{number}" for number in range(count)]
    for name in names:
        rows.live(name)
    return names


def fill(case: Case, rows: Rows) -> None:
    """Put rows into the tables of a case, as they are."""
    for name, listed in vars(rows).items():
        columns = TABLES[name].checked_columns
        schema = pa.schema([(column, ARROW[stored]) for column, stored in columns.items()])
        case.database.register("given", pa.Table.from_pylist(listed, schema))
        case.database.execute(f"insert into {name} by name from given")
        case.database.unregister("given")
    case.note("data", "1")


def a_finding(name: str, members: list[str], **roles: str) -> Ring:
    """Make a ring as a run would find it; ``roles`` are of those that are no plain members, or ``unsure``."""
    return Ring(
        ring=name, score=0.93, linked=0.99, extraction=0.81, q_value=0.01, accounts=len(members),
        events=len(members), first_seen=SEPTEMBER, last_seen=SEPTEMBER + DAY,
        evidence=(Reason("payment", 9.0, 1, len(members), f"1 card pays for {len(members)} accounts"),),
        benign_explanation=None, state="new", judgement=None,
        members=tuple(
            Member(each, 0.6, 0.8, "member", 0.5)
            if roles.get(each) == "unsure"
            else Member(each, 0.98, 0.8, roles.get(each, "member"), 0.95)
            for each in members
        ),
    )  # fmt: skip


@dataclass
class Lab:
    """A lab with an open case.

    Args:
        name: what partners call it.
        folder: where it writes.
        case: its case.
        settings: of sharing.
        rings: what a run found, by name.
        now: its clock.
    """

    name: str
    folder: Path
    case: Case
    settings: SharingSettings
    rings: dict[str, Ring] = field(default_factory=dict)
    now: datetime = NOW
    lists: int = 0

    def finds(self, name: str, members: list[str], **roles: str) -> str:
        """Say that a run found a ring."""
        self.rings[name] = a_finding(name, members, **roles)
        return name

    def says(self, subject: str, judgement: str, by: str = "kim") -> None:
        """Judge a ring or an account."""
        with self.case.changing():
            self.case.judge(subject, judgement, "looked at", by, self.now)
            record(self.case, "judge", at=self.now, by=by, subject=subject, judgement=judgement)

    def drafts(self, partner: str, *, unreviewed: bool = False, rings: list[str] | None = None, **given):
        """Draft a list of the confirmed rings, or of those named."""
        kinds, settings = chosen_kinds(DEVICES)
        evidence = collect_evidence(self.case.logs, kinds, settings)
        said = Records(self.case).last_judgements()
        named = (
            [name for name in self.rings if said.get(name) == "confirm" or unreviewed]
            if rings is None
            else rings
        )
        allowed = {value: "listed" for _, value, *_ in self.case.logs.allowlist.rows("value")}
        return draft(
            self.case,
            self.case.logs,
            evidence,
            [self.rings[name] for name in named],
            decide(self.rings.values(), block_at=0.7, allowed=allowed, judgements=said),
            self.settings,
            **(
                {"partner": partner, "tlp": Tlp.amber_strict, "score_model": "built-in", "now": self.now}
                | given
            ),
            unreviewed=unreviewed,
        )

    def exports(self, partner: str, to: Path | None = None, **given) -> Path:
        """Write a list and say where it is."""
        self.lists += 1
        place = to or self.folder / f"list_{self.lists}"
        self.sent = send(
            self.case, self.drafts(partner, **given), place, self.settings, by="kim", now=self.now
        )
        return place

    def takes(self, path: Path, producer: str, **given):
        """Take a list in."""
        return take_in(
            self.case, path, self.settings, **({"producer": producer, "by": "lee", "now": self.now} | given)
        )

    def matches(self):
        """Hold all lists against the own accounts."""
        kinds, _ = chosen_kinds(DEVICES)
        return match(self.case, self.case.logs, kinds, self.settings, by="lee", now=self.now)

    def signals(self) -> set[tuple[str, str]]:
        """Say what partners' lists say of our accounts."""
        return set(Records(self.case).signals())

    def takes_back(self, ring: str) -> list[str]:
        """Take a ring back."""
        return take_back(self.case, ring, "a class", by="kim", now=self.now)

    def dump(self) -> dict[str, list[str]]:
        """Say everything that the case holds."""
        rows = self.case.database.execute(
            "select table_name from duckdb_tables() where not temporary order by 1"
        )
        return {
            name: sorted(map(repr, self.case.database.execute(f"from {name}").fetchall()))
            for (name,) in rows.fetchall()
        }


def open_lab(stack: ExitStack, folder: Path, name: str, rows: Rows, **given) -> Lab:
    """Open a lab in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    case = stack.enter_context(open_case(folder / "linkage.duckdb", INPUTS))
    case.database.execute("set threads = 1")
    fill(case, rows)
    settings = SharingSettings(name=name, documentation_addresses=True, **given)
    return Lab(name, folder, case, settings)


def lab_of_two_rings(stack: ExitStack, folder: Path) -> Lab:
    """Open a lab with a confirmed ring and another that nobody looked at; it knows lab-b."""
    rows = Rows()
    strangers(rows)
    first = a_ring(rows)
    second = a_ring(rows, "other", ip="203.0.113.9", card=CARD[::-1], device="0123456789abcdef" * 2)
    lab = open_lab(stack, folder / "a", "lab-a", rows)
    acquaint(lab, open_lab(stack, folder / "b", "lab-b", Rows()))
    lab.finds(RING, first)
    lab.finds(OTHER, second)
    lab.says(RING, "confirm")
    return lab


def two_labs(  # noqa: PLR0913 - what tests differ in
    stack: ExitStack,
    folder: Path,
    ours: Rows,
    members: list[str],
    theirs: Rows | None = None,
    *,
    secret: bool = True,
    **given,
) -> tuple[Lab, Lab]:
    """Open a lab that confirmed the ring of these members, and the partner that it knows."""
    a = open_lab(stack, folder / "a", "lab-a", ours, **given)
    b = open_lab(stack, folder / "b", "lab-b", theirs or Rows())
    acquaint(a, b, secret=secret)
    a.finds(RING, members)
    a.says(RING, "confirm")
    return a, b


def acquaint(one: Lab, other: Lab, *, secret: bool = True) -> None:
    """Let two labs pin each other's public key and, unless said otherwise, share a secret."""
    for mine, theirs in ((one, other), (other, one)):
        pinned = mine.settings.partners | {theirs.name: (keyring(theirs.case).signing.public,)}
        mine.settings = mine.settings.model_copy(update={"partners": pinned})
    if secret:
        share_with(other.case, one.name, share_with(one.case, other.name))


def copied(source: Path, to: Path) -> Path:
    """Copy a folder of a list."""
    shutil.copytree(source, to)
    return to


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder by its path inside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def manifest_of(folder: Path) -> Manifest:
    """Read the manifest of a list."""
    return Manifest.of((folder / "manifest.json").read_bytes())


@contextmanager
def running(server):
    """Let a server answer, and give its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
