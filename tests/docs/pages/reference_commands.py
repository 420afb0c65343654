"""The page of the commands, from their own help."""

from __future__ import annotations

from typer.testing import CliRunner

from linkage.cli.app import app
from linkage.cli.commands import COMMANDS
from pages.markdown import table

EXIT_CODES = (
    (0, "done"),
    (1, "a fault of ours: please report it"),
    (2, "the command was not written as its help says"),
    (3, "the data cannot be used; the message names every file and why"),
    (4, "the settings cannot be used; the message names every wrong key and value"),
    (5, "an optional part is not installed"),
    (10, "`linkage rings --fail-on` found a ring of that score or more"),
    (130, "interrupted"),
)


def commands_page() -> str:
    """Write the help of every command, and the exit codes."""
    parts = [
        "# Commands",
        "Data goes to stdout, talk to stderr.\nWhat a command shows here is its own `--help`.",
        f"```text\n{help_of()}```",
    ]
    for name, _ in COMMANDS:
        parts += [f"## linkage {name}", f"```text\n{help_of(*name.split())}```"]
    parts += ["## Exit codes", "A finding never looks like a failure.", table(["code", "means"], EXIT_CODES)]
    return "\n\n".join(parts)


def help_of(*words: str) -> str:
    """Ask the command line for its help, the same on every terminal."""
    environment = {"TERM": "dumb", "COLUMNS": "80", "LINKAGE_CASE": None, "USER": None}
    result = CliRunner().invoke(app, [*words, "--help"], prog_name="linkage", env=environment)
    assert result.exit_code == 0, result.output
    return "".join(f"{line.rstrip()}\n" for line in result.output.rstrip().splitlines())
