"""Run the code of a page as a reader would: top to bottom, in a folder with the examples."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pages.blocks import blocks_of, output_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pages.blocks import Block

ROOT = Path(__file__).resolve().parents[3]
WIDTH = 100

# What a page may show and these tests do not run, each with its reason.
NOT_RUN = {
    "pip install": ".ci/run takes these lines out of README.md and runs them on a fresh copy",
    ".ci/run": "it runs these tests itself",
    "uv pip compile": "it asks package indexes",
    "tests/docs/generate.py": "it writes the pages",
    "pre-commit": "it needs a repository",
}
_NAMES = re.compile(r"R-[0-9A-Z]{6}|acct_[0-9a-f]{10}")


def pages_with_code() -> list[Path]:
    """List the pages whose code runs: the generated reference has none of its own."""
    written = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("README.md")]
    return sorted(page for page in written if "reference" not in page.relative_to(ROOT).parts)


def run_page(text: str) -> Iterator[tuple[Block, str]]:
    """Run the blocks of a page one after the other, and give each with what it printed."""
    with _reader() as run:
        for block in blocks_of(text):
            if _runs(block):
                yield block, run(block)


def with_fresh_outputs(page: Path) -> str:
    """Write what the blocks of a page print into the blocks below them.

    Where a ring or an account has another name than in the old output, the rest of the page follows.

    Raises:
        AssertionError: a block failed; says which, and what it printed.
    """
    text = page.read_text("utf-8")
    with _reader() as run:
        for number in range(len(blocks_of(text))):
            block = blocks_of(text)[number]
            if _runs(block):
                text = _with_output(text, block, run(block))
    return text


def _with_output(text: str, block: Block, printed: str) -> str:
    shown = output_after(text, block)
    if shown is None:
        return text
    names = dict(zip(_names_in(shown.code), _names_in(printed), strict=False))
    rest = _NAMES.sub(lambda match: names.get(match[0], match[0]), text[shown.end :])
    return text[: shown.start] + printed + rest


@contextmanager
def _reader() -> Iterator[Callable[[Block], str]]:
    """Be a reader who follows a page, in a folder of their own with the examples in it."""
    with tempfile.TemporaryDirectory(prefix="linkage-page-") as name:
        folder = Path(name)
        environment = _environment(folder)
        work = folder / "work"
        shutil.copytree(ROOT / "examples", work / "examples")
        yield lambda block: _printed(block, work, environment)


def _runs(block: Block) -> bool:
    return block.language in {"sh", "python"} and not any(word in block.code for word in NOT_RUN)


def _names_in(text: str) -> list[str]:
    return list(dict.fromkeys(_NAMES.findall(text)))


def _environment(folder: Path) -> dict[str, str]:
    """Put a ``linkage`` on the path that is the one of this checkout, and the ``python`` that it runs with."""
    tools = folder / "tools"
    tools.mkdir()
    for name, arguments in (("linkage", " -m linkage"), ("python", "")):
        command = tools / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        command.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINKAGE_", "PYTEST_"))}
    return kept | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",  # so that stdout and stderr keep their order
        "COLUMNS": str(WIDTH),
        "TERM": "dumb",
        "USER": "investigator",
    }


def _printed(block: Block, work: Path, environment: dict[str, str]) -> str:
    command = ["bash", "-euo", "pipefail", "-c"] if block.language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*command, block.code],
        cwd=work,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    printed = tidy(done.stdout.decode("utf-8", "replace"))
    assert done.returncode == 0, f"ended with {done.returncode}:\n{block.code}\n{printed}"
    return printed


def tidy(printed: str) -> str:
    """Take off the space that nobody sees: at the end of lines, and around it all."""
    lines = [line.rstrip() for line in printed.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return "".join(f"{line}\n" for line in lines)
