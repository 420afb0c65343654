"""A ring falls into the parts that share most among themselves."""

from __future__ import annotations

from drawn import a_material, two_parts

from linkage.pictures.cells import MOST_CELLS, find_cells


def test_parts_with_cards_of_their_own_are_cells():
    cells = find_cells(a_material(two_parts()), seed=1)

    assert cells.sizes == (4, 4)
    assert cells.of.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert cells.names == ["C1", "C2"]


def test_what_all_hold_parts_nobody():
    cells = find_cells(a_material({("prompt", "t"): range(6)}), seed=1)

    assert cells.sizes == (6,)


def test_the_largest_cell_comes_first_and_the_order_keeps_members_together():
    held = {("payment", "few"): [0, 2], ("payment", "many"): [1, 3, 4, 5]}

    cells = find_cells(a_material(held), seed=1)

    assert cells.sizes == (4, 2)
    assert cells.order.tolist() == [1, 3, 4, 5, 0, 2]


def test_more_cells_than_a_page_can_show_become_one_row_that_says_so():
    held = {("payment", f"fp_{part}"): [3 * part, 3 * part + 1, 3 * part + 2] for part in range(40)}

    cells = find_cells(a_material(held), seed=1)

    assert len(cells.sizes) == MOST_CELLS
    assert sum(cells.sizes) == 120
    assert cells.names[-1] == "others"


def test_members_who_share_nothing_of_their_own_are_among_the_others():
    held = two_parts() | {("prompt", "template 1"): range(10)}

    cells = find_cells(a_material(held), seed=1)

    assert cells.sizes == (4, 4, 2)
    assert cells.names == ["C1", "C2", "others"]


def test_the_same_ring_gives_the_same_cells():
    held = {("ip", f"{n}"): [n, (n + 1) % 60, (n * 7) % 60] for n in range(60)}

    one, other = (find_cells(a_material(held), seed=3) for _ in range(2))

    assert one.of.tolist() == other.of.tolist()
