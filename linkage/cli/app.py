"""The command line: puts commands together, and turns errors into exit codes."""

from __future__ import annotations

import sys

import typer

from linkage.cli.commands import COMMANDS
from linkage.errors import LinkageError

app = typer.Typer(
    name="linkage",
    help="Find rings of API accounts that harvest a frontier model's outputs together.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command in COMMANDS:
    app.command(_name)(_command)


def main() -> None:
    """Run the command line; an error the user can mend ends with a sentence and its exit code."""
    try:
        app()
    except LinkageError as error:
        from linkage.cli.output import say

        say(f"linkage: {error}")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("linkage: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
