"""What one cell has for itself is a count; what joins cells stays, and nothing is left out silently."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import a_material, two_parts

from linkage.pictures.cells import Cells, find_cells
from linkage.pictures.shares import FEW_ACCOUNTS, MOST_JOINTS, draw_shares


def drawn(held, *, halves=False):
    material = a_material(held)
    size = len(material.people)
    two = Cells(np.arange(size) * 2 // size, (size // 2, size - size // 2), rest=False)
    cells = two if halves else find_cells(material, seed=1)
    return draw_shares(material, cells, lambda each: each.value, seed=1)


def keys(drawing):
    return [node[1] for node in drawing["nodes"]]


def large(parts=12, each=30):
    """Parts with three cards each, and one template and two networks across them."""
    held = {
        ("payment", f"fp_{part}_{card}"): range(each * part + card, each * (part + 1), 3)
        for part in range(parts)
        for card in range(3)
    }
    held |= {("ip", f"net {part}"): range(each * part, each * (part + 1)) for part in range(parts)}
    everybody = range(parts * each)
    return held | {
        ("prompt", "template"): everybody,
        ("asn", "AS1"): everybody[::2],
        ("asn", "AS2"): everybody[1::2],
    }


def test_cells_count_what_is_their_own():
    told = drawn(two_parts())

    assert told["cells"] == [
        {"name": "C1", "accounts": 4, "own": {"payment": 1, "ip": 1}},
        {"name": "C2", "accounts": 4, "own": {"payment": 1, "ip": 1}},
    ]


def test_a_small_ring_shows_every_account_and_identifier():
    told = drawn(two_parts())

    for view in ("lanes", "network"):
        assert {f"account:{place}" for place in range(8)} < set(keys(told[view]))
        assert {f"id:{number}" for number in range(5)} < set(keys(told[view]))
        assert len(told[view]["links"]) == 4 * 4 + 8


def test_a_large_ring_shows_cells_counts_and_what_joins_them():
    told = drawn(large())

    lanes = told["lanes"]
    assert sum(key.startswith("cell:") for key in keys(lanes)) == 12
    assert [node[1] for node in lanes["nodes"] if node[1].startswith("id:")] == ["id:48", "id:49", "id:50"]
    counts = {(node[1], node[6]) for node in lanes["nodes"] if node[1].startswith("own:")}
    assert ("own:0:payment", 3) in counts
    assert ("own:0:ip", 1) in counts
    assert told["first"] == "lanes"


@pytest.mark.parametrize("view", ["lanes", "network"])
def test_a_large_ring_is_few_nodes(view):
    told = drawn(large(parts=40, each=60))

    assert len(told[view]["nodes"]) < 150


def test_an_identifier_with_nine_tenths_of_its_links_in_one_cell_is_its_own():
    held = two_parts(each=45)
    held["payment", "nearly"] = [*range(18), 60]
    held["payment", "no longer"] = [*range(8), 61, 62]

    told = drawn(held, halves=True)["lanes"]

    assert "id:5" not in keys(told)
    assert "id:6" in keys(told)


def test_what_is_not_drawn_is_counted_by_kind():
    size = FEW_ACCOUNTS + 20
    held = two_parts(each=size // 2) | {("asn", f"AS{n}"): [n, size - 1 - n] for n in range(size // 2)}

    told = drawn(held, halves=True)["lanes"]

    shown = sum(key.startswith("id:") for key in keys(told))
    assert shown <= MOST_JOINTS
    assert shown + sum(told["hidden"].values()) == size // 2 + 1
    assert set(told["hidden"]) == {"asn"}


@pytest.mark.parametrize("held", [two_parts(), large()], ids=["small", "large"])
def test_all_is_drawn_inside_the_picture_and_links_join_nodes(held):
    told = drawn(held)

    for view in ("lanes", "network"):
        nodes = told[view]["nodes"]
        assert all(-0.05 <= node[4] <= 1.05 and -0.05 <= node[5] <= 1.05 for node in nodes)
        assert all(0 <= link[0] < len(nodes) and 0 <= link[1] < len(nodes) for link in told[view]["links"])
        assert len(set(keys(told[view]))) == len(nodes)
