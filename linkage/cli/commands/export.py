"""``linkage export``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, CasePath, MemoryOption, SettingsPath, SourceOption


def export(
    rings: Annotated[
        list[str] | None, typer.Argument(help="Rings; all of them when none is named.", metavar="RING")
    ] = None,
    to: Annotated[str, typer.Option("--to", help="The format: csv or jsonl.", metavar="FORMAT")] = "csv",
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
    source: SourceOption = None,
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
    memory: MemoryOption = None,
) -> None:
    """Write a blocklist: accounts, their rings and why.

    An account on the allowlist, or dismissed by a person, is never written. With --review those come along
    that a person should look at first; the column action says which is which.

    Example:
      linkage simulate hydra
      linkage ingest hydra
      linkage export --to csv --out blocklist.csv
    """
    from linkage import pipeline
    from linkage.cli.output import say, say_data
    from linkage.cli.start import found
    from linkage.errors import DataError
    from linkage.exports.file import write_whole
    from linkage.exports.formats import format_named

    chosen = format_named(to)
    if out is not None and out.exists() and any(_inside(out, Path(read)) for read in (case, *(source or ()))):
        raise DataError(f"{out} is what is being read: name another --out")
    with found(source or (), case, settings, flags={"memory": memory}) as work:
        names = [work.ring(name).ring for name in rings or ()]
        decisions = pipeline.decide_in(
            work.logs, work.finding, block_at=min_score, rings=names, case=work.case
        )
    wanted = {"block", "review"} if review else {"block"}
    content = chosen.write(pipeline.entries([each for each in decisions if each.decision in wanted]))
    if out is None or str(out) == "-":
        say_data(content)
    else:
        write_whole(out, content)
    counts = {word: sum(each.decision == word for each in decisions) for word in ("block", "review", "allow")}
    say(", ".join(f"{word} {count:,}" for word, count in counts.items()))


def _inside(file: Path, read: Path) -> bool:
    """Say whether a file is what is read, or lies in the folder that is."""
    return read.resolve() in {file.resolve(), *file.resolve().parents}
