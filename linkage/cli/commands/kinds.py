"""``linkage kinds``."""

from __future__ import annotations

from linkage.cli.options import FormatOption, SettingsPath
from linkage.cli.output import Format


def kinds(settings: SettingsPath = None, format: FormatOption = Format.table) -> None:
    """List the kinds of evidence: what each reads, what it may weigh, and where it misleads.

    Example: linkage kinds
    """
    from linkage.cli.output import show
    from linkage.cli.session import settings_for
    from linkage.evidence.kinds import chosen_kinds

    listed, effective = chosen_kinds(settings_for(settings).settings.evidence)
    show(
        [
            {
                "kind": kind.name,
                "reads": ".".join(kind.reads),
                "most bits": effective[kind.name].cap,
                "levels": ", ".join(level.name for level in kind.levels),
                "about": kind.about,
            }
            for kind in listed
        ],
        format=format,
    )
