"""``linkage explain``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, SettingsPath, SourceOption
from linkage.cli.output import Format


def explain(
    account: Annotated[str, typer.Argument(help="An account.", metavar="ACCOUNT")],
    other: Annotated[str | None, typer.Argument(help="Another, to ask what links the two.", metavar="[ACCOUNT]")] = None,
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Say why an account is in its ring, or what links two accounts: a waterfall in bits, down to events.

    Example: linkage explain acct_1 acct_2 --case hydra.duckdb
    """
    from linkage.cli.output import inert, say_data, show
    from linkage.cli.session import found, settings_for
    from linkage.evidence.kinds import chosen_kinds
    from linkage.explain import explain_account, explain_pair

    kinds, _ = chosen_kinds(settings_for(settings, source or ()).settings.evidence)
    with found(source or (), case, settings) as (logs, finding):
        if other is None:
            told = explain_account(account, logs, kinds, finding.evidence, finding.membership)
        else:
            told = explain_pair(account, other, logs, kinds, finding.evidence)
        ring = None if told.ring is None else finding.names[told.ring]
        rows = told.rows()
        if format is Format.table:
            home = f"in ring {ring}" if ring else ("linked" if other else "in no ring")
            say_data(f"{inert(told.subject)}: {home}, {told.bits:+.1f} bits, confidence {told.confidence:.3f}")
        show(rows, format=format)
