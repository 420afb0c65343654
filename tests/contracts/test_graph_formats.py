"""What every file format of graphs promises: other people's programs open it, whatever strangers wrote."""

from __future__ import annotations

import csv
import io
import unicodedata
from pathlib import Path

import igraph
import networkx as nx
import pytest

from linkage import pipeline
from linkage.settings import Settings
from linkage.takeaway.file import write_graph
from linkage.takeaway.format import name_of, shown
from linkage.takeaway.formats import GRAPH_FORMATS, graph_format
from linkage.takeaway.gather import ring_graph

NASTY = (
    "esc\x1b[2J\x1b]0;owned\x07",
    "esc\\x1b[2J\\x1b]0;owned\\x07",
    "not\ufffecharacters\uffff\x0b\x0c\x01",
    "comma,\"quote\",'two'",
    'ends in a backslash\\"\\',
    "line\nfeed\r\nand\ttab",
    "bidi\u202egpj.exe\u2066",
    "]]></data></node><!-- &amp; &lt; <script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "semi;colon|pipe",
    "\u00e9\u4e2d\U0001f409",
)
each_format = pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.suffix)


@pytest.fixture(scope="module")
def graph(tmp_path_factory, make_world):
    """A ring whose accounts are called, and whose client speaks, as attackers like."""
    folder = tmp_path_factory.mktemp("nasty")
    make_world(folder, NASTY, user_agent=" ".join(NASTY), honest=60)
    with pipeline.read([str(folder)], Settings()) as reading:
        finding = pipeline.find(pipeline.logs_of(reading), Settings())
        found = ring_graph(finding, finding.rings[0].ring, Settings())
    assert set(found.accounts["account_id"].to_pylist()) == set(NASTY)
    assert "user agent" in found.identifiers["level"].to_pylist()
    return found


def plain(known):
    return {name: shown(value) if isinstance(value, str) else value for name, value in known.items()}


def check_same(read, graph):
    """Compare what a program read with the graph: nodes, edges and all that is known of them."""
    wanted = graph.networkx()
    assert set(read) == {name_of(node) for node in wanted}
    assert {frozenset(edge) for edge in read.edges} == {
        frozenset(map(name_of, edge)) for edge in wanted.edges
    }
    for node, known in wanted.nodes(data=True):
        assert plain(known).items() <= read.nodes[name_of(node)].items()
    for left, right, known in wanted.edges(data=True):
        assert plain(known).items() <= read.edges[name_of(left), name_of(right)].items()


def test_endings_are_unique():
    suffixes = [each.suffix for each in GRAPH_FORMATS]

    assert len(set(suffixes)) == len(suffixes)
    assert all(
        graph_format(suffix.upper()) is each for suffix, each in zip(suffixes, GRAPH_FORMATS, strict=True)
    )
    assert graph_format(".png") is None


@each_format
def test_a_format_is_explained_where_people_look_for_it(format_):
    page = Path(__file__).parents[2] / "docs" / "how-to" / "look-at-rings.md"

    assert f"`ring{format_.suffix}`" in page.read_text("utf-8")


@each_format
def test_the_same_ring_gives_the_same_bytes(format_, graph):
    assert format_.write(graph) == format_.write(graph)


@each_format
def test_nothing_in_it_acts_hides_or_turns_the_direction(format_, graph):
    for content in format_.write(graph).values():
        hidden = {
            letter for letter in content.decode() if unicodedata.category(letter) in {"Cc", "Cf", "Cn", "Zl"}
        }
        assert hidden == {"\n"}


@each_format
def test_names_that_look_alike_stay_apart(format_, graph):
    written = b"".join(format_.write(graph).values()).decode()
    first, second = (name_of(f"account:{name}") for name in NASTY[:2])

    assert first != second
    assert written.count(first)
    assert written.count(second)


@pytest.mark.parametrize(("suffix", "read"), [(".graphml", nx.read_graphml), (".gexf", nx.read_gexf)])
def test_networkx_reads_all_of_it(suffix, read, graph, tmp_path):
    write_graph(graph, tmp_path / f"ring{suffix}", graph_format(suffix))

    check_same(read(tmp_path / f"ring{suffix}"), graph)


def test_igraph_reads_all_of_graphml(graph, tmp_path):
    write_graph(graph, tmp_path / "ring.graphml", graph_format(".graphml"))

    read = igraph.Graph.Read_GraphML(str(tmp_path / "ring.graphml"))

    assert read["ring"] == graph.ring.ring
    assert read["score"] == graph.ring.score
    nodes = {node["id"]: node.attributes() for node in read.vs}
    for node, known in graph.nodes():
        assert plain(known).items() <= nodes[name_of(node)].items()
    edges = {(read.vs[e.source]["id"], read.vs[e.target]["id"]): e.attributes() for e in read.es}
    assert len(edges) == graph.sightings.num_rows
    for left, right, known in graph.edges():
        assert plain(known).items() <= edges[name_of(left), name_of(right)].items()


def test_neo4j_has_three_tables_whose_ends_meet(graph, tmp_path):
    write_graph(graph, tmp_path / "ring.neo4j", graph_format(".neo4j"))
    accounts, identifiers, sightings = (
        list(
            csv.DictReader(
                io.StringIO((tmp_path / "ring.neo4j" / f"{name}.csv").read_text("utf-8")), strict=True
            )
        )
        for name in ("accounts", "identifiers", "sightings")
    )

    assert {row[":LABEL"] for row in accounts} == {"Account"}
    assert {row[":LABEL"] for row in identifiers} == {"Identifier"}
    assert {row[":TYPE"] for row in sightings} == {"SEEN_WITH"}
    assert [row["account_id:string"] for row in accounts] == [
        shown(name) for name in graph.accounts["account_id"].to_pylist()
    ]
    assert [float(row["bits:double"]) for row in identifiers] == graph.identifiers["bits"].to_pylist()
    assert {row["joint:boolean"] for row in identifiers} <= {"true", "false"}
    assert {row["first_seen:datetime"][-1:] for row in sightings} == {
        "Z",
        "",
    }  # nobody knows when a card paid
    names = [row["node:ID"] for row in (*accounts, *identifiers)]
    assert len(set(names)) == len(names)
    assert {row[":START_ID"] for row in sightings} == {row["node:ID"] for row in accounts}
    assert {row[":END_ID"] for row in sightings} == {row["node:ID"] for row in identifiers}


def test_neo4j_needs_no_option_for_fields_of_several_lines(graph):
    for content in graph_format(".neo4j").write(graph).values():
        assert content.count(b"\n") == len(list(csv.reader(io.StringIO(content.decode()))))
