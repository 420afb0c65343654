"""Help: quick, whole, and with examples that work."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys

import pytest

from linkage.cli.commands import COMMANDS

NAMES = [name for name, _ in COMMANDS]
SLOW = {"calibrate"}
"""Their example makes forty-eight worlds and finds their rings."""
HEAVY = ("duckdb", "igraph", "numba", "numpy", "pandas", "pyarrow", "pydantic", "rich", "scipy")


def test_help_loads_nothing_heavy():
    asked = f"import sys, linkage.cli.app; print(*(set(sys.modules) & set({HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    # typer itself may look at pydantic and rich, which it can do without.
    assert set(done.stdout.split()) <= {"pydantic", "rich"}


def test_what_only_a_search_needs_is_not_loaded_to_show_what_was_found_before():
    asked = "import sys, linkage.pipeline; print(*({'igraph', 'matplotlib', 'numba', 'pandas', 'scipy'} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)

    assert not answer.stdout.split()


def test_no_argument_is_a_question(linkage):
    asked, told = linkage("--help"), linkage()

    assert told == asked
    assert told.code == 0


def test_every_command_has_its_line_which_is_not_cut(linkage):
    listed = linkage("--help").out.partition("Commands:")[2].partition("\n\n")[0]

    assert re.findall(r"^  (\w+) ", listed, re.MULTILINE) == list(
        dict.fromkeys(name.split()[0] for name in NAMES)
    )
    assert "..." not in listed


@pytest.mark.parametrize("name", NAMES)
def test_every_command_says_what_it_is_for_and_gives_an_example(linkage, name):
    told = linkage(*name.split(), "--help")

    assert told.code == 0
    assert told.err == ""
    assert re.search(r"^  Example:\n(    linkage .*\n)+", told.out, re.MULTILINE)


def examples(name):
    """Take the lines of a command's example from its help."""
    return re.findall(r"^      (linkage .*)$", dict(COMMANDS)[name].__doc__, re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One folder for all examples: what one has made, the next one finds."""
    return tmp_path_factory.mktemp("examples")


@pytest.fixture(scope="module")
def pasted():
    """The lines that were pasted already."""
    return set()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in NAMES]
)
def test_every_example_works_when_pasted(name, folder, pasted, linkage, monkeypatch):
    monkeypatch.chdir(folder)
    if name == "serve":  # it would answer until somebody stops it
        pytest.importorskip("starlette", reason="the optional part web is not installed")
        pytest.importorskip("uvicorn")
        monkeypatch.setattr("uvicorn.Server.run", lambda *_, **__: None)
    for line in [line for line in examples(name) if line not in pasted]:
        pasted.add(line)
        command, *arguments = shlex.split(line)
        assert command == "linkage"

        done = linkage(*arguments)

        assert (done.code, "bug" in done.err) == (0, False), f"{line}: {done.err}"
