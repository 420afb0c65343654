"""``linkage dispute``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, SettingsPath
from linkage.sharing.feedback import Word


def dispute(
    ring: Annotated[str, typer.Argument(help="The partner's ring.", metavar="RING")],
    partner: Annotated[str, typer.Option("--with", help="The partner it is of.", metavar="PARTNER")],
    to: Annotated[Path, typer.Option("--to", help="The folder of the answer.", metavar="FOLDER")],
    word: Annotated[
        Word, typer.Option("--say", help="What you say of it.", case_sensitive=False)
    ] = Word.disagree,
    reason: Annotated[
        str, typer.Option(help="Why, in words that the partner may read.", metavar="TEXT")
    ] = "",
    accounts: Annotated[
        int, typer.Option(min=0, help="How many of your accounts it matched; rounded down.", metavar="NUMBER")
    ] = 0,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    settings: SettingsPath = None,
) -> None:
    """Tell a partner what you know of a ring of theirs.

    Say that it is none, or that you saw it, too. The answer is a signed list for that partner alone, which 'linkage import' takes in there. It holds no account
    of yours.

    Example:
      linkage dispute --help
    """
    from linkage.cli.clock import now
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.errors import DataError
    from linkage.sharing.feedback import LONGEST, Feedback
    from linkage.sharing.partners import named
    from linkage.sharing.proposal import rounded
    from linkage.sharing.records import Records
    from linkage.sharing.sending import send_feedback

    if word in {Word.disagree, Word.strongly_disagree} and not reason.strip():
        raise typer.BadParameter("say why you disagree, in a few words", param_hint="--reason")
    if len(reason) > LONGEST:
        raise typer.BadParameter(f"take at most {LONGEST} characters", param_hint="--reason")
    loaded = settings_for(settings)
    said = Feedback(ring.strip().upper(), word, rounded(accounts) if accounts else 0, reason.strip())
    named(loaded.settings.sharing, partner)
    with opening(case, loaded.settings) as opened:
        if said.ring not in Records(opened).rings_told_by(partner):
            raise DataError(
                f"{partner} told of no such ring: name one of theirs, as 'linkage match' lists them, and take their "
                "list in first"
            )
        sent = send_feedback(opened, [said], to, loaded.settings.sharing, partner=partner, by=by, now=now())
    say(f"list {sent.sequence} for {partner}: {word.value} on {said.ring}, in {to}")
