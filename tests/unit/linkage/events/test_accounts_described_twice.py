"""An account described more than once comes out the same in whatever order."""

from __future__ import annotations

import datetime as dt
import itertools

HEAD = "account_id,created_at,org,plan,team\n"


def test_descriptions_that_agree_become_one_row(desk):
    desk.write("accounts-1.csv", "account_id,created_at,team\na,2026-01-02,red\n")
    desk.write("accounts-2.csv", "account_id,org,extraction_score,floor\na,Example,0.5,2\n")
    reading = desk.read()

    assert reading["accounts"].rows() == [
        (
            "a",
            dt.datetime.fromisoformat("2026-01-02"),
            "Example",
            None,
            None,
            0.5,
            None,
            {"floor": "2", "team": "red"},
        )
    ]
    assert [file.accepted for file in reading.files] == [1, 1]


def test_the_earliest_description_stands_and_those_against_it_are_set_aside(desk):
    rows = [
        "a,2026-01-02,Example,free,red\n",
        "a,2026-01-03,Other,free,red\n",
        "a,,Example,pro,\n",
        "a,,,free,blue\n",
    ]
    seen = []
    for order in itertools.islice(itertools.permutations(rows), 0, None, 5):
        reading = desk.read_one("accounts.csv", HEAD + "".join(order))
        aside = sorted((row[4], row[6].split(", in ")[1]) for row in reading.quarantine.rows())
        seen.append((reading["accounts"].rows(), aside))

    assert seen[0] == (
        [
            (
                "a",
                dt.datetime.fromisoformat("2026-01-02"),
                "Example",
                None,
                "free",
                None,
                None,
                {"team": "red"},
            )
        ],
        [
            ("created_at", "created_at, org; keep one row an account"),
            ("plan", "plan; keep one row an account"),
            ("team", "team; keep one row an account"),
        ],
    )
    assert all(each == seen[0] for each in seen)
