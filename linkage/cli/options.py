"""Options that several commands share, each with one meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.output import Format

CasePath = Annotated[
    Path,
    typer.Option("--case", envvar="LINKAGE_CASE", help="The case file.", metavar="FILE", show_envvar=True),
]
SettingsPath = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        help="A linkage.toml; otherwise the one beside the data, or in this folder.",
        metavar="FILE",
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.", case_sensitive=False)]
MemoryOption = Annotated[
    str | None, typer.Option("--memory", help="Most memory for tables, such as 4GB.", metavar="SIZE")
]
Sources = Annotated[
    list[str],
    typer.Argument(help="Folders, files, globs, URLs or databases.", metavar="SOURCE", show_default=False),
]
OptionalSources = Annotated[
    list[str] | None,
    typer.Argument(
        help="Folders, files, globs, URLs or databases; without one, the case.",
        metavar="SOURCE",
        show_default=False,
    ),
]
SourceOption = Annotated[
    list[str] | None,
    typer.Option(
        "--source", help="Look at these logs instead of the case; may be repeated.", metavar="SOURCE"
    ),
]
ByOption = Annotated[
    str, typer.Option("--by", envvar="USER", help="Who says so.", metavar="NAME", show_default=False)
]

DEFAULT_CASE = Path("linkage.duckdb")
