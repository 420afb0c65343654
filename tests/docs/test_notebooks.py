"""The notebooks run from top to bottom, and hold what they give."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from pages.notebook import notebooks, run_notebook
from pages.running import ROOT

each_notebook = pytest.mark.parametrize(
    "path", notebooks(), ids=lambda path: path.relative_to(ROOT).as_posix()
)


def test_there_is_one():
    assert notebooks()


@pytest.mark.slow
@each_notebook
def test_a_notebook_runs_and_holds_what_it_gives(path):
    for cell, outputs in run_notebook(path.read_text("utf-8")):
        assert cell["outputs"] == outputs, "run python tests/docs/generate.py"


@each_notebook
def test_a_notebook_says_before_each_cell_what_it_does(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]

    assert cells[0]["cell_type"] == "markdown"
    for before, cell in pairwise(cells):
        assert cell["cell_type"] == "markdown" or before["cell_type"] == "markdown"


@each_notebook
def test_a_notebook_holds_nothing_of_the_machine_it_ran_on(path):
    notebook = json.loads(path.read_text("utf-8"))

    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert not [word for word in ("/tmp", "/home", "/root", "/work") if word in path.read_text("utf-8")]  # noqa: S108 - looked for
