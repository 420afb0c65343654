"""Every sign-up is a part of a bar, or said to be outside."""

from __future__ import annotations

from drawn import SEPTEMBER, a_material

from linkage.pictures.signups import MOST_BARS, draw_signups


def drawn(held, created):
    return draw_signups(a_material(held, created=created, people=len(created)), lambda each: each.value)


def test_those_of_a_burst_are_told_from_the_others():
    created = {0: SEPTEMBER, 1: SEPTEMBER + 60, 2: SEPTEMBER + 120, 3: SEPTEMBER + 7200}

    told = drawn({("signup", "burst"): [0, 1, 2]}, created)

    assert told["bars"][0] == [3, 0]
    assert told["bars"][-1] == [0, 1]
    assert told["bursts"] == [{"key": "id:0", "label": "burst", "accounts": 3}]


def test_a_few_of_long_ago_do_not_press_the_rest_into_one_bar():
    created = {place: SEPTEMBER + 60 * place for place in range(99)} | {99: SEPTEMBER - 400 * 86_400}

    told = drawn({("ip", "x"): [0, 1]}, created)

    assert told["before"] == 1 + 1  # and the first two hundredths
    assert told["width"] <= 300
    assert sum(map(sum, told["bars"])) + told["before"] + told["after"] == 100


def test_no_more_bars_than_can_be_seen():
    created = {place: SEPTEMBER + 86_400 * 9 * place for place in range(200)}

    assert 50 < len(drawn({("ip", "x"): [0, 1]}, created)["bars"]) <= MOST_BARS


def test_those_of_whom_nobody_knows_when_are_counted():
    told = drawn({("ip", "x"): [0, 1, 2]}, {0: None, 1: SEPTEMBER, 2: None})

    assert told["unknown"] == 2
    assert drawn({("ip", "x"): [0, 1]}, {0: None, 1: None})["bars"] == []
