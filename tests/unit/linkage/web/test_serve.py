"""The server listens on the loopback alone, and says what is missing before it works."""

from __future__ import annotations

import builtins

import pytest

from linkage.errors import DataError
from linkage.web.serve import listen


def test_it_listens_where_only_this_machine_can_reach_it():
    with listen(0) as taken:
        assert taken.getsockname()[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_a_sentence():
    with listen(0) as taken, pytest.raises(DataError, match="--port"):
        listen(taken.getsockname()[1])


def test_without_the_optional_part_the_command_says_what_to_install(linkage, case, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **given):
        if name.partition(".")[0] in {"starlette", "uvicorn"}:
            raise ImportError(name)
        return real(name, *rest, **given)

    monkeypatch.setattr(builtins, "__import__", without)

    done = linkage("serve", "--case", case)

    assert done.code == 5
    assert "linkage-rings[web]" in done.err


def test_a_case_that_is_not_there_is_a_sentence(linkage, tmp_path):
    done = linkage("serve", "--port", 0, "--case", tmp_path / "none.duckdb")

    assert done.code == 3
    assert "linkage ingest" in done.err
