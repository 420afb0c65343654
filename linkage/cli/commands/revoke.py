"""``linkage revoke``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath


def revoke(
    ring: Annotated[str, typer.Argument(help="A ring that was shared.", metavar="RING")],
    reason: Annotated[str, typer.Option(help="Why; it stays in the case.", metavar="TEXT")],
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Take back a ring that partners were told of.

    The next list to each of them says so, and what they did for it alone is undone there. It cannot be shared
    again under this name. A ring that is dismissed with 'linkage judge' is taken back in the same way.

    Example:
      linkage revoke --help
    """
    from linkage.cli.clock import now
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.sharing.told import take_back

    if not reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    loaded = settings_for(settings)
    with opening(case, loaded.settings) as opened:
        told = take_back(opened, ring.strip().upper(), reason.strip(), by=by, now=now())
    say(f"taken back; tell {', '.join(told)} with 'linkage export --for {told[0]} --to FOLDER'")
