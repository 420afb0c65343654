"""The command line: puts commands together, and turns errors into exit codes."""

from __future__ import annotations

import inspect
import io
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from linkage.cli.commands import COMMANDS, GROUPS
from linkage.cli.output import say
from linkage.errors import LinkageError
from linkage.progress import telling

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED = 130


class _InOrder(TyperGroup):
    """Lists commands as an investigator meets them; typer would put groups last."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - as typer asks
        return list(dict.fromkeys(name.split()[0] for name, _ in COMMANDS))


_STYLE: dict[str, Any] = {
    "rich_markup_mode": None,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 110},
}

app = typer.Typer(
    name="linkage",
    cls=_InOrder,
    help="Find rings of API accounts that harvest a frontier model's outputs together.",
    epilog="Begin with an invented world: linkage simulate hydra, then linkage rings hydra",
    add_completion=False,
    pretty_exceptions_enable=False,
    **_STYLE,
)
_groups: dict[str, typer.Typer] = {}
for _name, _command in COMMANDS:
    _group, _, _last = _name.rpartition(" ")
    if _group and _group not in _groups:
        _groups[_group] = typer.Typer(name=_group, help=GROUPS[_group], **_STYLE)
        app.add_typer(_groups[_group])
    # The lines of an example stay lines: the backspace tells typer not to fold them.
    _help = (inspect.getdoc(_command) or "").replace("\n\nExample:", "\n\n\b\nExample:")
    _groups.get(_group, app).command(_last, help=_help)(_command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a letter is no reason to fail.
            stream.reconfigure(errors="backslashreplace")
    stopped = threading.Event()

    def stop(*_: object) -> None:
        stopped.set()
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, stop)
    code = run(sys.argv[1:], stopped)
    # All is said: who interrupts the tidying up gets no other answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # An interrupt that once left a string of code, as libraries run while they load, lets Python end by that signal
    # whatever code it is given, although it was caught above; the next such string clears that.
    exec("")  # noqa: S102 - nothing is run
    sys.exit(code)


def run(arguments: Sequence[str], stopped: threading.Event | None = None) -> int:
    """Run one command and give its exit code; whatever the user can mend ends with a sentence.

    Args:
        arguments: what follows ``linkage`` on the command line.
        stopped: set when the user interrupts, which libraries may turn into errors of their own.
    """
    try:
        with telling(say):
            code: int = (
                app(args=list(arguments) or ["--help"], prog_name="linkage", standalone_mode=False) or 0
            )
    except LinkageError as error:
        return _end(str(error), error.exit_code)
    except typer.TyperException as error:
        return _end(_usage(error), error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last door: nothing may come out as a bare traceback
        if stopped is None or not stopped.is_set():
            return _end(*_last_word(error))
        code = INTERRUPTED
    return _end("interrupted", code) if code == INTERRUPTED else code


def _end(sentence: str, code: int) -> int:
    say(f"linkage: {sentence}")
    return code


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    context = getattr(error, "ctx", None)
    return message if context is None else f"{message}\n'{context.command_path} --help' says what it takes"


def _last_word(error: Exception) -> tuple[str, int]:
    """Say what can be said of an error that is none of ours, without the raw values its message may hold."""
    if "linkage.tables" in sys.modules:
        from linkage.tables import mendable  # noqa: PLC0415 - duckdb; loaded already, or not to blame

        known = mendable(error)
        if known is not None:
            return str(known), known.exit_code
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}", 3
    if os.environ.get("LINKAGE_DEBUG"):
        import traceback  # noqa: PLC0415 - only here

        say(traceback.format_exc().rstrip())
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    line = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"  # noqa: PTH119 - a name, no file
    return (
        f"this is a bug of ours, {type(error).__name__} at {line}: run it again with LINKAGE_DEBUG=1 and report what it says",
        1,
    )
