"""``linkage export``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import (
    DEFAULT_CASE,
    ByOption,
    CasePath,
    MemoryOption,
    SettingsPath,
    SourceOption,
)
from linkage.sharing.model import Tlp
from linkage.sharing.taxii import Profile

if TYPE_CHECKING:
    from linkage.cli.start import Found
    from linkage.sharing.outgoing import Draft
    from linkage.store import Case


def export(
    rings: Annotated[
        list[str] | None, typer.Argument(help="Rings; all of them when none is named.", metavar="RING")
    ] = None,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="The format: csv or jsonl; with --for, the folder of the list.",
            metavar="FORMAT|FOLDER",
        ),
    ] = "csv",
    out: Annotated[
        Path | None, typer.Option("--out", help="The file, or -; stdout when none is named.", metavar="FILE")
    ] = None,
    min_score: Annotated[
        float,
        typer.Option(min=0, max=1, help="Block members of rings of this score and more.", metavar="SCORE"),
    ] = 0.7,
    review: Annotated[
        bool, typer.Option("--review", help="Write also the accounts that a person should look at.")
    ] = False,
    partner: Annotated[
        str | None,
        typer.Option("--for", help="Write a signed list for this partner lab instead.", metavar="PARTNER"),
    ] = None,
    tlp: Annotated[
        Tlp, typer.Option("--tlp", help="How far the partner may pass it on.", case_sensitive=False)
    ] = Tlp.amber_strict,
    also: Annotated[
        list[str] | None,
        typer.Option(
            "--also", help="Lists for firewalls, too: nft, ipset, cloudflare or aws.", metavar="VIEW"
        ),
    ] = None,
    unreviewed: Annotated[
        bool, typer.Option("--unreviewed", help="Share rings that nobody confirmed, marked as such.")
    ] = False,
    private_addresses: Annotated[
        bool,
        typer.Option(
            "--private-addresses", help="Share addresses as tokens made with the hub, not as they are."
        ),
    ] = False,
    taxii: Annotated[
        str | None,
        typer.Option(
            "--taxii", help="Bring the list to this collection of a TAXII 2.1 server, too.", metavar="URL"
        ),
    ] = None,
    taxii_profile: Annotated[
        Profile,
        typer.Option(
            "--taxii-profile",
            help="sdo-only leaves out what some servers break on: observables and markings.",
            case_sensitive=False,
        ),
    ] = Profile.whole,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go out and what is held back; write nothing.")
    ] = False,
    by: ByOption = "unknown",
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Write a blocklist, or with --for a signed list for a partner.

    A blocklist names accounts, their rings and why. An account on the allowlist, or dismissed by a person, is never
    written. With --review those come along that a person should look at first; the column action says which is which.

    A partner's list names no account, person or prompt of ours. It holds only rings that a person confirmed, and
    of what their members share only what no other account of ours has; --dry-run shows what is held back and why.
    With sharing.hub in linkage.toml, what could be found by trying all there is goes out as tokens made there, with
    the secret in LINKAGE_HUB_TOKEN; a dry run asks the hub, too. User and password of a TAXII server are read from
    LINKAGE_TAXII_USER and LINKAGE_TAXII_PASSWORD.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage export --to csv --out blocklist.csv
    """
    from linkage import casework
    from linkage.cli.output import say, say_data
    from linkage.cli.start import found
    from linkage.errors import DataError
    from linkage.exports.file import write_whole
    from linkage.exports.formats import format_named

    if partner is None and (private_addresses or taxii):
        raise typer.BadParameter(
            "--private-addresses and --taxii are of a partner's list: name the partner", param_hint="--for"
        )
    if partner is not None:
        if source or out is not None or (to in {"csv", "jsonl"} and not dry_run):
            raise typer.BadParameter(
                "a partner's list is made of the case and needs --to FOLDER, without --source and --out",
                param_hint="--for",
            )
        with found((), case, settings, flags={"memory": memory}, writing=True) as work:
            if work.case is None:
                raise DataError("a partner's list is made of a case")
            _to_partner(
                work.case,
                work,
                rings or [],
                partner,
                Path(to),
                tlp,
                also or [],
                by,
                min_score,
                unreviewed,
                dry_run,
                private_addresses,
            )
            if taxii is not None and not dry_run:
                _bring(work.case, Path(to), taxii, taxii_profile, partner, by)
        return
    if dry_run or also or unreviewed:
        raise typer.BadParameter(
            "--dry-run, --also and --unreviewed are for a partner's list", param_hint="--for"
        )
    chosen = format_named(to)
    if out is not None and out.exists() and any(_inside(out, Path(read)) for read in (case, *(source or ()))):
        raise DataError(f"{out} is what is being read: name another --out")
    with found(source or (), case, settings, flags={"memory": memory}) as work:
        names = [work.ring(name).ring for name in rings or ()]
        decisions = casework.decide_in(
            work.logs, work.finding, block_at=min_score, rings=names, case=work.case
        )
    wanted = {"block", "review"} if review else {"block"}
    content = chosen.write(casework.entries([each for each in decisions if each.decision in wanted]))
    if out is None or str(out) == "-":
        say_data(content)
    else:
        write_whole(out, content)
    counts = {word: sum(each.decision == word for each in decisions) for word in ("block", "review", "allow")}
    say(", ".join(f"{word} {count:,}" for word, count in counts.items()))


def _to_partner(
    case: Case,
    work: Found,
    names: list[str],
    partner: str,
    to: Path,
    tlp: Tlp,
    also: list[str],
    by: str,
    min_score: float,
    unreviewed: bool,
    dry_run: bool,
    private_addresses: bool,
) -> None:
    """Draft a partner's list and write it, or only show it."""
    import os
    from datetime import UTC, datetime

    from linkage import casework
    from linkage.cli.output import Format, say, show
    from linkage.sharing.hub_in_use import TOKEN, HubInUse
    from linkage.sharing.outgoing import send

    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    drafted = casework.draft_for(
        case,
        work.finding,
        work.settings,
        rings=[work.ring(name).ring for name in names],
        partner=partner,
        tlp=tlp,
        block_at=min_score,
        unreviewed=unreviewed,
        now=now,
        hub=HubInUse.of(work.settings.sharing, os.environ.get(TOKEN)),
        private_addresses=private_addresses,
    )
    rows = _rows(drafted)
    if dry_run:
        show(rows, format=Format.table)
        say(f"nothing was written; {_told(drafted)}")
        return
    held = sum(each.values for each in drafted.held)
    sent = send(case, drafted, to, work.settings.sharing, by=by, now=now, also=also)
    again = ", the same as the last" if sent.again else ""
    say(f"list {sent.sequence} for {partner}{again}: {sent.files} files in {to}; {_told(drafted)}")
    if held:
        say(f"held back {held:,} values: --dry-run says which kinds and why")
    bare = [ring.ring for ring in drafted.package.rings if not ring.revoked and not ring.selectors]
    if bare:
        say(f"of {', '.join(bare)} nothing goes out by which a partner could find an account")


def _bring(case: Case, folder: Path, url: str, profile: Profile, partner: str, by: str) -> None:
    """Bring the STIX objects of a list that was written to a server, and note in the case that it was."""
    import os
    from datetime import UTC, datetime

    from linkage.cli.output import say
    from linkage.sharing.audit import record
    from linkage.sharing.collection import objects_in
    from linkage.sharing.taxii import push

    user, password = (os.environ.get(f"LINKAGE_TAXII_{name}") for name in ("USER", "PASSWORD"))
    done = push(url, objects_in(folder), user=user, password=password, profile=profile)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with case.changing():
        record(
            case,
            "taxii",
            at=now,
            by=by,
            partner=partner,
            url=url,
            new=done.new,
            known=done.known,
            failed=done.failed,
        )
    say(f"brought to the server: {done.new:,} objects new, {done.known:,} known, {done.failed:,} failed")


def _rows(drafted: Draft) -> list[dict[str, object]]:
    """List what goes out and what is held back, ring by ring."""
    from collections import Counter

    going = Counter(
        (ring.ring, each.kind, f"goes out as {each.scheme.value}{', for a look only' if each.soft else ''}")
        for ring in drafted.package.rings
        if not ring.revoked
        for each in ring.selectors
        if not each.revoked
    )
    going.update(
        (ring.ring, each.kind, "was shared before and is taken back")
        for ring in drafted.package.rings
        if not ring.revoked
        for each in ring.selectors
        if each.revoked
    )
    rows = [(*place, count, "yes") for place, count in sorted(going.items())]
    rows += [
        (ring.ring, "account", "goes out under a name that only we can read", len(ring.members), "yes")
        for ring in drafted.package.rings
        if not ring.revoked
    ]
    rows += [(each.ring, each.kind, each.reason, each.values, "no") for each in drafted.held]
    names = ("ring", "kind", "what", "values", "goes_out")
    return [
        dict(zip(names, row, strict=True)) for row in sorted(rows, key=lambda row: (row[0], row[4] == "no"))
    ]


def _told(drafted: Draft) -> str:
    parts = {"new": drafted.new, "changed": drafted.changed, "taken back": drafted.taken_back}
    said = [f"{word} {', '.join(names)}" for word, names in parts.items() if names]
    return "; ".join(said) or "nothing is new in it"


def _inside(file: Path, read: Path) -> bool:
    """Say whether a file is what is read, or lies in the folder that is."""
    return read.resolve() in {file.resolve(), *file.resolve().parents}
