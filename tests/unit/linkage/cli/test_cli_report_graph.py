"""``linkage report`` into files for programs that show graphs."""

from __future__ import annotations

import networkx as nx
import pytest

NEO4J = ["accounts.csv", "identifiers.csv", "sightings.csv"]


@pytest.mark.parametrize(("name", "read"), [("ring.graphml", nx.read_graphml), ("ring.GEXF", nx.read_gexf)])
def test_a_ring_becomes_one_file_that_only_its_owner_reads(linkage, case, tmp_path, name, read):
    done = linkage("report", 1, "--case", case, "--to", tmp_path / name)

    assert done.code == 0, done.err
    assert done.out == ""
    assert "only you may read it" in done.err
    assert (tmp_path / name).stat().st_mode & 0o077 == 0
    assert "account:acct_r0" in read(tmp_path / name)


def test_for_neo4j_it_becomes_a_folder(linkage, world, tmp_path):
    for _ in range(2):
        done = linkage("report", 1, "--source", world.folder, "--to", f"{tmp_path}/ring.neo4j/")

        assert done.code == 0, done.err
        assert sorted(file.name for file in (tmp_path / "ring.neo4j").iterdir()) == NEO4J
    assert (tmp_path / "ring.neo4j").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_made_is_said(linkage, case, tmp_path):
    (tmp_path / "ring.neo4j").write_text("a file")

    done = linkage("report", 1, "--case", case, "--to", tmp_path / "ring.neo4j")

    assert done.code == 3
    assert "cannot be made" in done.err


def test_an_unknown_ending_is_answered_with_those_there_are(linkage, case, tmp_path):
    done = linkage("report", 1, "--case", case, "--to", tmp_path / "ring.png")

    assert done.code == 3
    assert ".html, .svg, .graphml, .gexf or .neo4j" in done.err
