"""Run the code of a notebook as Jupyter does, without Jupyter: cell by cell, and what the last line of each gives."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import tempfile
from typing import TYPE_CHECKING, Any

from pages.running import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Cell = dict[str, Any]


def notebooks() -> list[Path]:
    """List the notebooks of the examples."""
    return sorted((ROOT / "examples").rglob("*.ipynb"))


def run_notebook(text: str) -> Iterator[tuple[Cell, list[Cell]]]:
    """Run the cells of a notebook in an empty folder, and give each with its outputs as Jupyter would write them."""
    names: dict[str, Any] = {"__name__": "__main__"}
    with tempfile.TemporaryDirectory(prefix="linkage-notebook-") as folder, contextlib.chdir(folder):
        codes = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        for count, cell in enumerate(codes, 1):
            yield cell, _run("".join(cell["source"]), names, count)


def with_fresh_cells(path: Path) -> str:
    """Write what the cells of a notebook give into them."""
    text = path.read_text("utf-8")
    fresh = {cell["id"]: outputs for cell, outputs in run_notebook(text)}
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["id"] in fresh:
            cell["outputs"] = fresh[cell["id"]]
            cell["execution_count"] = list(fresh).index(cell["id"]) + 1
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _run(code: str, names: dict[str, Any], count: int) -> list[Cell]:
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), f"<cell {count}>", "exec"), names)  # noqa: S102 - our own notebook
        given = None
        if isinstance(last, ast.Expr):
            given = eval(compile(ast.Expression(last.value), f"<cell {count}>", "eval"), names)  # noqa: S307 - as above
    outputs: list[Cell] = []
    if printed.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())})
    if given is not None:
        outputs.append(
            {"data": _shown(given), "execution_count": count, "metadata": {}, "output_type": "execute_result"}
        )
    return outputs


def _shown(value: object) -> dict[str, list[str]]:
    html = getattr(value, "_repr_html_", None)
    shown = {"text/html": _lines(html())} if html else {}
    return shown | {"text/plain": _lines(repr(value))}


def _lines(text: str) -> list[str]:
    return text.replace(os.linesep, "\n").splitlines(keepends=True)
