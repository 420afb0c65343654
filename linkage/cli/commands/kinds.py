"""``linkage kinds``."""

from __future__ import annotations

from linkage.cli.options import FormatOption, SettingsPath
from linkage.cli.output import Format


def kinds(format: FormatOption = Format.table, settings: SettingsPath = None) -> None:
    """List the kinds of evidence, and where each misleads.

    Example:
      linkage kinds
    """
    from linkage.cli.output import show, show_text
    from linkage.cli.start import settings_for
    from linkage.evidence.kinds import chosen_kinds

    listed, effective = chosen_kinds(settings_for(settings).settings.evidence)
    rows = [
        {
            "kind": kind.name,
            "reads": ".".join(kind.reads),
            "levels": ", ".join(level.name for level in kind.levels),
            "most_bits": effective[kind.name].cap,
            "largest": effective[kind.name].largest,
            "receivable": kind.receivable,
            "about": kind.about,
        }
        for kind in listed
    ]
    if format is not Format.table:
        show(rows, format=format)
        return
    show(rows, format=format, columns=("kind", "reads", "levels", "most_bits", "largest", "receivable"))
    for kind in listed:
        show_text("", f"{kind.name}: {kind.about}")
