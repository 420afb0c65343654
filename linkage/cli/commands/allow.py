"""``linkage allow``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, FormatOption, SettingsPath
from linkage.cli.output import Format


def allow(
    kind: Annotated[
        str | None,
        typer.Argument(
            help="account, org, ip, network, asn, payment or template; without one, all entries are listed.",
            metavar="KIND",
            show_default=False,
        ),
    ] = None,
    value: Annotated[
        str | None, typer.Argument(help="What is allowed.", metavar="VALUE", show_default=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option(help="Why; it is shown wherever the entry counts.", metavar="TEXT")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="When it ends, such as 2027-03-31; it is held against the logs, not against today.",
            metavar="TIME",
        ),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take the entry back.")] = False,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Put an entry on the allowlist of a case, or take it back.

    Whoever it covers is never blocked, and a ring of mostly such accounts has the score 0. Every entry and every taking
    back stays in the case, with its reason and its author.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage allow org university --reason "a class, asked on 3 September" --until 2027-03-31
      linkage allow
    """
    from datetime import UTC, datetime

    from linkage import casework
    from linkage.cli.output import say, show
    from linkage.cli.start import opening, settings_for
    from linkage.events.entry import check_entry

    loaded = settings_for(settings).settings
    if kind is None:
        with opening(case, loaded, reading=True) as opened:
            rows = casework.allowlist(opened)
        show(rows, format=format, columns=["kind", "value", "reason", "until"])
        say(f"{len(rows):,} {'entry' if len(rows) == 1 else 'entries'}")
        return
    if value is None:
        raise typer.BadParameter("say which one", param_hint="VALUE")
    if reason is None or not reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    entry = check_entry(kind, value, reason.strip(), None if undo else until)
    now = datetime.now(UTC).replace(tzinfo=None)
    with opening(case, loaded) as opened:
        if undo:
            casework.take_back(opened, entry.kind, entry.value, reason=entry.reason, by=by, at=now)
        else:
            casework.allow(
                opened, entry.kind, entry.value, reason=entry.reason, until=entry.until, by=by, at=now
            )
    ends = f" until {entry.until:%Y-%m-%d}" if entry.until else ""
    say(
        f"{entry.kind} {entry.value}: {'no longer allowed' if undo else f'allowed{ends}'}; the next run sees it"
    )
