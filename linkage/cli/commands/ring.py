"""``linkage ring``."""

from __future__ import annotations

from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, FormatOption, SettingsPath, SourceOption
from linkage.cli.output import Format


def ring(
    name: Annotated[str, typer.Argument(help="The ring, such as R-7K2M9Q.", metavar="RING")],
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Show one ring: what ties it, what its behaviour says, when it was active, who belongs.

    Example: linkage ring R-7K2M9Q --case hydra.duckdb
    """
    from linkage.cli.output import say_data, show
    from linkage.cli.session import found
    from linkage.errors import DataError
    from linkage.rings.portrait import portray

    with found(source or (), case, settings) as (_, finding):
        chosen = next((ring for ring in finding.rings if ring.ring == name.strip().upper()), None)
        if chosen is None:
            raise DataError(f"there is no such ring; 'linkage rings --min-score 0' lists all {len(finding.rings)}")
        if format is not Format.table:
            show([chosen.document(members=True)], format=format)
            return
        portrait = portray(chosen)
        say_data("\n".join(portrait.lines))
        show(portrait.waterfall, format=format)
        show(portrait.members, format=format)
