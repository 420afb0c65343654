"""``linkage export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
    if partner is None:
        from linkage.cli import blocklist
        from linkage.exports.formats import format_named

        _refuse(
            "--private-addresses and --taxii are of a partner's list: name the partner",
            when=private_addresses or bool(taxii),
        )
        _refuse(
            "--dry-run, --also and --unreviewed are for a partner's list",
            when=dry_run or bool(also) or unreviewed,
        )
        wanted = blocklist.Wanted(
            rings=tuple(rings or ()),
            format=format_named(to),
            out=out,
            min_score=min_score,
            review=review,
        )
        blocklist.make(wanted, source or (), case, settings, memory)
        return
    from linkage.cli import partner_list

    _refuse(
        "a partner's list is made of the case and needs --to FOLDER, without --source and --out",
        when=bool(source) or out is not None or (to in {"csv", "jsonl"} and not dry_run),
    )
    asked = partner_list.Asked(
        partner=partner,
        rings=tuple(rings or ()),
        to=Path(to),
        tlp=tlp,
        also=tuple(also or ()),
        min_score=min_score,
        unreviewed=unreviewed,
        private_addresses=private_addresses,
        taxii=taxii,
        taxii_profile=taxii_profile,
        by=by,
    )
    partner_list.make(asked, case, settings, memory, dry_run=dry_run)


def _refuse(said: str, *, when: bool) -> None:
    """Refuse options that do not go together: some are of a partner's list, and some are not."""
    if when:
        raise typer.BadParameter(said, param_hint="--for")
