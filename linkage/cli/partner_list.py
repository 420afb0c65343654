"""A partner's list at the command line: drafted, shown or written, and brought to a server."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from linkage import casework
from linkage.cli import output
from linkage.cli.clock import now
from linkage.cli.output import Format, say
from linkage.cli.server_user import server_user
from linkage.cli.start import found
from linkage.errors import DataError
from linkage.sharing import taxii
from linkage.sharing.audit import record
from linkage.sharing.collection import sealed_objects
from linkage.sharing.hub_in_use import TOKEN, HubInUse
from linkage.sharing.model import Tlp
from linkage.sharing.sending import send
from linkage.sharing.taxii import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkage.cli.start import Found
    from linkage.sharing.drafting import Draft
    from linkage.store import Case


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for.

    Args:
        partner: for whom.
        rings: their names or places; all rings when there is none.
        to: the folder.
        tlp: how far it may be passed on.
        also: lists for firewalls, too.
        min_score: members of rings of this score and more are to be blocked.
        unreviewed: rings that nobody confirmed may go out.
        private_addresses: addresses go out as tokens.
        taxii: the collection that the list is brought to, if any.
        taxii_profile: what that server can take.
        by: who sends it.
    """

    partner: str
    rings: tuple[str, ...]
    to: Path
    tlp: Tlp
    also: tuple[str, ...]
    min_score: float
    unreviewed: bool
    private_addresses: bool
    taxii: str | None
    taxii_profile: Profile
    by: str


def make(asked: Asked, case: Path, settings: Path | None, memory: str | None, *, dry_run: bool) -> None:
    """Write a partner's list, or only show it."""
    with found((), case, settings, flags={"memory": memory}, writing=True) as work:
        if work.case is None:
            raise DataError("a partner's list is made of a case")
        draft = _drafted(asked, work, work.case)
        if dry_run:
            _show(draft)
        else:
            _write(asked, draft, work, work.case)


def _drafted(asked: Asked, work: Found, case: Case) -> Draft:
    """Draft the list as it would go out now; writes nothing."""
    return casework.draft_for(
        case,
        work.finding,
        work.settings,
        rings=[work.ring(name).ring for name in asked.rings],
        partner=asked.partner,
        tlp=asked.tlp,
        block_at=asked.min_score,
        unreviewed=asked.unreviewed,
        now=now(),
        hub=HubInUse.of(work.settings.sharing, os.environ.get(TOKEN)),
        private_addresses=asked.private_addresses,
    )


def _show(draft: Draft) -> None:
    """Print what would go out and what is held back, ring by ring."""
    output.show(_rows(draft), format=Format.table)
    say(f"nothing was written; {_told(draft)}")


def _write(asked: Asked, draft: Draft, work: Found, case: Case) -> None:
    """Write the list, bring it to the server where one is named, and say what became of it."""
    sent = send(case, draft, asked.to, work.settings.sharing, by=asked.by, now=now(), also=asked.also)
    again = ", the same as the last" if sent.again else ""
    say(f"list {sent.sequence} for {asked.partner}{again}: {sent.files} files in {asked.to}; {_told(draft)}")
    held = sum(each.values for each in draft.held)
    if held:
        say(f"held back {held:,} values: --dry-run says which kinds and why")
    bare = [ring.ring for ring in draft.package.rings if not ring.revoked and not ring.selectors]
    if bare:
        say(f"of {', '.join(bare)} nothing goes out by which a partner could find an account")
    if asked.taxii is not None:
        _bring(asked, asked.taxii, case)


def _bring(asked: Asked, url: str, case: Case) -> None:
    """Bring the STIX objects of a list that was written to a server, and note in the case that it was."""
    objects = sealed_objects(asked.to, case, asked.taxii_profile)
    done = taxii.push(url, objects, profile=asked.taxii_profile, **server_user())
    with case.changing():
        record(
            case,
            "taxii",
            at=now(),
            by=asked.by,
            partner=asked.partner,
            url=url,
            new=done.new,
            known=done.known,
            failed=done.failed,
        )
    say(f"brought to the server: {done.new:,} objects new, {done.known:,} known, {done.failed:,} failed")


def _rows(draft: Draft) -> list[dict[str, object]]:
    """List what goes out and what is held back."""
    rows = [
        *((*place, count, "yes") for place, count in sorted(Counter(_going(draft)).items())),
        *(
            (ring.ring, "account", "goes out under a name that only we can read", len(ring.members), "yes")
            for ring in draft.package.rings
            if not ring.revoked
        ),
        *((each.ring, each.kind, each.reason, each.values, "no") for each in draft.held),
    ]
    names = ("ring", "kind", "what", "values", "goes_out")
    return [
        dict(zip(names, row, strict=True)) for row in sorted(rows, key=lambda row: (row[0], row[4] == "no"))
    ]


def _going(draft: Draft) -> Iterator[tuple[str, str, str]]:
    """Say of each selector which ring and kind it is of, and how it goes out."""
    for ring in draft.package.rings:
        for each in () if ring.revoked else ring.selectors:
            soft = ", for a look only" if each.soft else ""
            how = (
                "was shared before and is taken back"
                if each.revoked
                else f"goes out as {each.scheme.value}{soft}"
            )
            yield ring.ring, each.kind, how


def _told(draft: Draft) -> str:
    parts = {"new": draft.new, "changed": draft.changed, "taken back": draft.taken_back}
    said = [f"{word} {', '.join(names)}" for word, names in parts.items() if names]
    return "; ".join(said) or "nothing is new in it"
