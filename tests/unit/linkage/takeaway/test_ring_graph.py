"""A ring as a graph has all of it, agrees with its picture, and stays when the tables are gone."""

from __future__ import annotations

import pytest

import linkage
from linkage import pipeline, runs
from linkage.errors import DataError
from linkage.settings import Settings
from linkage.takeaway.formats import GRAPH_FORMATS

SETTINGS = Settings()


@pytest.fixture(scope="module")
def found(world):
    """A finding, its ring as a graph, and the picture of it."""
    with pipeline.read([str(world.folder)], SETTINGS) as reading:
        logs = pipeline.logs_of(reading)
        finding = pipeline.find(logs, SETTINGS)
        name = finding.rings[0].ring
        picture = runs.draw_from(logs, finding, SETTINGS, [name])[name]
        yield finding, linkage.ring_graph(finding, name, SETTINGS), picture


@pytest.fixture(scope="module")
def graph(found):
    return found[1]


def test_every_member_is_in_it_as_the_ring_has_it(graph, world):
    rows = {row["account_id"]: row for row in graph.accounts.to_pylist()}

    assert set(rows) == set(world.ring)
    for member in graph.ring.members:
        row = rows[member.account_id]
        assert row["node"] == f"account:{member.account_id}"
        assert (row["confidence"], row["least_confidence"]) == (member.confidence, member.least_confidence)
        assert (row["extraction_score"], row["role"]) == (member.extraction_score, member.role)
        assert row["events"] == 6
        assert row["created_at"] < row["first_seen"] < row["last_seen"]


def test_what_members_share_is_in_it_at_every_level(graph):
    rows = {(row["kind"], row["level"], row["value"]): row for row in graph.identifiers.to_pylist()}

    card = rows["payment", "card", "fp_shared_by_the_ring"]
    assert (card["held_here"], card["held_by"]) == (8, 8)
    assert card["bits"] > 5
    assert ("ip", "address", "198.51.100.7") in rows
    assert any(level == "address block" for _, level, _ in rows)


def test_a_sighting_says_when_and_how_often(graph):
    (row,) = [
        row
        for row in graph.sightings.to_pylist()
        if row["account"] == "account:acct_r0" and row["identifier"] == "ip/0:198.51.100.7"
    ]

    assert (row["count"], row["share"]) == (3, 0.5)
    assert (row["first_seen"].hour, row["last_seen"].hour) == (0, 8)
    assert row["bits"] > 0


def test_what_is_one_cell_s_own_has_its_cell_and_a_joint_has_none(graph):
    cells = set(graph.accounts["cell"].to_pylist())

    for row in graph.identifiers.to_pylist():
        assert row["cell"] is None if row["joint"] else row["cell"] in cells


def test_cells_and_places_are_those_of_the_picture(found):
    _, graph, picture = found
    names = [cell["name"] for cell in picture["shares"]["cells"]]
    spots = {key: (x, y) for _, key, _, _, x, y, _ in picture["shares"]["network"]["nodes"]}
    rows = {row["account_id"]: row for row in graph.accounts.to_pylist()}

    for place, account in enumerate(picture["members"]["account"]):
        assert rows[account]["cell"] == names[picture["members"]["cell"][place]]
        assert (rows[account]["x"], rows[account]["y"]) == spots[f"account:{place}"]
    assert all(0 <= row["x"] <= 1 and 0 <= row["y"] <= 1 for row in graph.identifiers.to_pylist())


def test_networkx_igraph_and_pandas_say_the_same(graph):
    as_networkx, as_igraph, frames = graph.networkx(), graph.igraph(), graph.frames()

    assert (
        as_networkx.number_of_nodes() == as_igraph.vcount() == len(frames.accounts) + len(frames.identifiers)
    )
    assert as_networkx.number_of_edges() == as_igraph.ecount() == len(frames.sightings)
    assert as_networkx.graph["ring"] == as_igraph["ring"] == graph.ring.ring
    for node in as_igraph.vs:
        known = {name: value for name, value in node.attributes().items() if value is not None}
        assert known.pop("name") in as_networkx
        assert known == as_networkx.nodes[node["name"]]
    held = frames.sightings.groupby("identifier").size()
    assert held.to_dict() == frames.identifiers.set_index("node")["held_here"].to_dict()


def test_times_are_text_in_graphs_and_moments_in_frames(graph):
    node = graph.networkx().nodes["account:acct_r0"]

    assert node["first_seen"] == "2026-09-01T00:00:00Z"
    assert str(graph.frames().accounts["first_seen"].dtype).startswith("datetime64")


def test_another_name_is_refused(found):
    finding, _, _ = found

    with pytest.raises(DataError, match="no such ring"):
        linkage.ring_graph(finding, "R-NOBODY", SETTINGS)


def test_the_order_of_rows_changes_no_byte(graph, world, tmp_path):
    for file in world.folder.glob("*.csv"):
        heading, *rows = file.read_text("utf-8").splitlines(keepends=True)
        (tmp_path / file.name).write_text("".join([heading, *reversed(rows)]), "utf-8")
    with pipeline.read([str(tmp_path)], SETTINGS) as reading:
        finding = pipeline.find(pipeline.logs_of(reading), SETTINGS)
        other = linkage.ring_graph(finding, finding.rings[0].ring, SETTINGS)

    for format_ in GRAPH_FORMATS:
        assert format_.write(other) == format_.write(graph)
