"""``linkage psi``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkage.cli.options import DEFAULT_CASE, ByOption, CasePath, FormatOption, SettingsPath
from linkage.cli.output import Format

if TYPE_CHECKING:
    from linkage.sharing.intersection import Exchange
    from linkage.store import Case


class Step(StrEnum):
    """Where an exchange is."""

    setup = "setup"
    request = "request"
    respond = "respond"
    finish = "finish"


# As in linkage/sharing/psi.py, which loads numpy; a test holds them together.
_MOST_ASKED = 20_000
_MOST_SERVED = 2_000_000
_NEEDED = {
    Step.setup: ("--kind", "--with", "--out"),
    Step.request: ("--kind", "--with", "--out"),
    Step.respond: ("--in", "--out"),
    Step.finish: ("--in", "--setup"),
}
"""What each step takes beside its state; it takes nothing else."""


def psi(
    step: Annotated[
        Step, typer.Argument(help="setup, request, respond or finish.", metavar="STEP", case_sensitive=False)
    ],
    state: Annotated[
        Path, typer.Option("--state", help="What you keep from one step to the next.", metavar="FILE")
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--kind", help="What is compared, such as payment; both labs say the same.", metavar="KIND"
        ),
    ] = None,
    partner: Annotated[str | None, typer.Option("--with", help="The partner lab.", metavar="PARTNER")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file for the partner.", metavar="FILE")
    ] = None,
    given: Annotated[
        Path | None, typer.Option("--in", help="The partner's request, or response.", metavar="FILE")
    ] = None,
    setup: Annotated[
        Path | None, typer.Option("--setup", help="With finish: the partner's setup.", metavar="FILE")
    ] = None,
    most: Annotated[
        int,
        typer.Option(
            "--most",
            min=1,
            max=_MOST_SERVED,
            help="How many values may be asked for; both labs say the same.",
            metavar="NUMBER",
        ),
    ] = _MOST_ASKED,
    by: ByOption = "unknown",
    case: CasePath = DEFAULT_CASE,
    format: FormatOption = Format.table,
    settings: SettingsPath = None,
) -> None:
    """Find which accounts hold values of a partner's rings.

    One lab answers, with values of rings that a person confirmed and that pass all gates. The other asks, with all
    values its accounts hold, and alone learns which are the same. Three files go back and forth, and each lab keeps
    a state that nobody else may see. The lab that answers learns how many values were asked for; its state is
    deleted with the answer, for a second answer would let the other ask twice as much. A hit is a reason to look.

    Example:
      linkage psi --help
      # lab-a answers, lab-b asks:
      # a: linkage psi setup --kind payment --with lab-b --state a.state --out setup.psi
      # b: linkage psi request --kind payment --with lab-a --state b.state --out request.psi
      # a: linkage psi respond --state a.state --in request.psi --out response.psi
      # b: linkage psi finish --state b.state --setup setup.psi --in response.psi
    """
    options = {"--kind": kind, "--with": partner, "--out": out, "--in": given, "--setup": setup}
    if {name for name, value in options.items() if value is not None} != set(_NEEDED[step]):
        raise typer.BadParameter(
            f"{step.value} takes --state, {', '.join(_NEEDED[step])}, and of --kind, --with, --out, --in and --setup "
            "no other"
        )
    if step is Step.setup and kind and partner and out:
        _setup(case, settings, partner, kind, most, state, out, by)
    elif step is Step.request and kind and partner and out:
        _request(case, settings, partner, kind, most, state, out, by)
    elif step is Step.respond and given and out:
        _respond(case, settings, state, given, out, by)
    elif given and setup:
        _finish(case, settings, state, setup, given, by, format)


def _setup(
    case: Path, settings: Path | None, partner: str, kind: str, most: int, state: Path, out: Path, by: str
) -> None:
    from linkage import casework
    from linkage.cli.output import say
    from linkage.cli.start import found
    from linkage.errors import DataError
    from linkage.sharing.intersection import Exchange, served_values
    from linkage.sharing.partners import named
    from linkage.sharing.psi import new_key, server_setup
    from linkage.sharing.records import Records
    from linkage.sharing.warninglists import WarningLists

    with found((), case, settings, writing=True) as work:
        if work.case is None:
            raise DataError("an exchange is made of a case")
        sharing = work.settings.sharing
        named(sharing, partner)
        values = served_values(
            work.finding.rings,
            casework.decide_in(work.logs, work.finding, block_at=1.0, case=work.case),
            work.finding.evidence,
            WarningLists({"own": sharing.own_networks}, examples=sharing.documentation_addresses),
            sharing,
            kind=kind,
            gone=Records(work.case).revoked(),
        )
        kept, content = server_setup(values, kind=kind, key=new_key(), most_asked=most)
        _write(work.case, Exchange(partner, kept), state, out, content, Step.setup, len(values), by)
    say(
        f"answers with {len(values):,} values; send {out} to {partner}, and keep {state} until its request is here"
    )


def _request(
    case: Path, settings: Path | None, partner: str, kind: str, most: int, state: Path, out: Path, by: str
) -> None:
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.evidence.kinds import chosen_kinds
    from linkage.sharing.intersection import Exchange, asked_values
    from linkage.sharing.partners import named
    from linkage.sharing.psi import client_request, new_key

    loaded = settings_for(settings).settings
    named(loaded.sharing, partner)
    kinds, _ = chosen_kinds(loaded.evidence)
    with opening(case, loaded) as opened:
        values = asked_values(opened.logs, kinds, loaded.sharing, kind=kind)
        kept, content = client_request(values, kind=kind, key=new_key(), most_asked=most)
        _write(opened, Exchange(partner, kept), state, out, content, Step.request, len(values), by)
    say(
        f"asks for {len(values):,} values; send {out} to {partner}, and keep {state} until its response is here"
    )


def _respond(case: Path, settings: Path | None, state: Path, given: Path, out: Path, by: str) -> None:
    from linkage.cli.output import say
    from linkage.cli.start import opening, settings_for
    from linkage.exports.file import write_whole
    from linkage.sharing import bounded
    from linkage.sharing.intersection import Exchange
    from linkage.sharing.psi import server_response

    loaded = settings_for(settings).settings
    kept = Exchange.of(state)
    content = server_response(kept.serving(), bounded.read(given))
    with opening(case, loaded) as opened:
        _note(opened, Step.respond, kept, by)
    write_whole(out, content)
    state.unlink()
    say(f"send {out} to {kept.partner}; {state} is deleted, for nobody is answered twice")


def _finish(
    case: Path, settings: Path | None, state: Path, setup: Path, given: Path, by: str, format: Format
) -> None:
    from linkage.cli.output import say, show
    from linkage.cli.start import opening, settings_for
    from linkage.evidence.kinds import chosen_kinds
    from linkage.sharing import bounded
    from linkage.sharing.intersection import Exchange, holders
    from linkage.sharing.psi import client_intersection

    loaded = settings_for(settings).settings
    kept = Exchange.of(state)
    common = client_intersection(kept.asking(), bounded.read(setup), bounded.read(given))
    kinds, _ = chosen_kinds(loaded.evidence)
    with opening(case, loaded) as opened:
        accounts = holders(opened.logs, kinds, kind=kept.state.kind, values=common)
        _note(opened, Step.finish, kept, by, values=len(common), accounts=len(accounts))
    rows = [{"account_id": account, "kind": kept.state.kind} for account in accounts]
    show(rows, format=format, columns=["account_id", "kind"])
    say(
        f"{len(common):,} values are in rings of {kept.partner}, too; {len(accounts):,} accounts hold them; "
        f"delete {state} now"
    )


def _write(
    case: Case, kept: Exchange, state: Path, out: Path, content: bytes, step: Step, values: int, by: str
) -> None:
    """Write the state, then the file for the partner: both or neither."""
    from linkage.exports.file import write_whole
    from linkage.sharing.secret_file import write_secret

    write_secret(state, kept.document())
    try:
        write_whole(out, content)
    except BaseException:
        state.unlink(missing_ok=True)
        raise
    _note(case, step, kept, by, values=values)


def _note(case: Case, step: Step, kept: Exchange, by: str, **counts: int) -> None:
    from linkage.cli.clock import now
    from linkage.sharing.audit import record

    with case.changing():
        record(
            case,
            "psi",
            at=now(),
            by=by,
            step=step.value,
            partner=kept.partner,
            kind=kept.state.kind,
            **counts,
        )
