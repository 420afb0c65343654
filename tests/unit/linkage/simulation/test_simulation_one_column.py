"""No column gives the rings away: the best rule on one column, or on one value, stays weak."""

from __future__ import annotations

import numpy as np
import pytest

BEST_ALLOWED = 0.75

SHARED = (
    ("events", "network"),
    ("events", "asn"),
    ("events", "user_agent"),
    ("events", "system_prompt"),
    ("events", "model"),
    ("payments", "fingerprint"),
    ("payments", "bin"),
    ("accounts", "email_domain"),
    ("accounts", "org"),
    ("accounts", "plan"),
)


@pytest.fixture(scope="module", params=["hydra", "other_hydra"])
def world(request):
    frames = {name: table.to_pandas() for name, table in request.getfixturevalue(request.param).items()}
    frames["events"]["network"] = frames["events"]["ip"].str.split("::").str[0]
    return frames


@pytest.fixture(scope="module")
def member(world):
    return world["truth"].set_index("account_id")["ring"].notna()


@pytest.mark.parametrize(("table", "column"), SHARED)
def test_how_many_share_a_value_does_not_give_members_away(world, member, table, column):
    held = _held(world[table], column)
    sharers = held.assign(n=held.groupby(column)["account_id"].transform("size")).groupby("account_id")["n"]

    for rule in (sharers.max(), sharers.mean(), sharers.size()):
        assert auc(rule, member) <= BEST_ALLOWED


@pytest.mark.parametrize(("table", "column"), SHARED)
def test_no_single_value_gives_members_away(world, member, table, column):
    held = _held(world[table], column)
    ours = held["account_id"].map(member)
    rates = held.assign(ours=ours).groupby(column)["ours"].agg(["sum", "size"])
    hit, false = rates["sum"] / member.sum(), (rates["size"] - rates["sum"]) / (~member).sum()

    assert (0.5 + abs(hit - false) / 2).max() <= BEST_ALLOWED


@pytest.mark.parametrize("column", ["response_tokens", "prompt_tokens"])
def test_lengths_do_not_give_members_away(world, member, column):
    lengths = world["events"].groupby("account_id")[column]

    for rule in (lengths.mean(), lengths.std(), lengths.std() / lengths.mean(), lengths.min(), lengths.max()):
        assert auc(rule, member) <= BEST_ALLOWED


def test_times_and_counts_of_requests_do_not_give_members_away(world, member):
    times = world["events"].groupby("account_id")["timestamp"]
    hours = world["events"]["timestamp"].dt.hour.groupby(world["events"]["account_id"])
    first, last = (moment.astype("int64") for moment in (times.min(), times.max()))

    for rule in (times.size(), first, last, last - first, hours.mean(), hours.std()):
        assert auc(rule, member) <= BEST_ALLOWED


def test_sign_up_times_do_not_give_members_away(world, member):
    created = world["accounts"].set_index("account_id")["created_at"].dropna()
    hour = created.dt.floor("h")

    for rule in (created.astype("int64"), created.dt.hour, hour.map(hour.value_counts())):
        assert auc(rule, member) <= BEST_ALLOWED


def test_the_rule_would_catch_a_column_that_does(member):
    assert auc(member.astype(float), member) == 1.0


def auc(rule, member):
    """Measure how well a number orders members before others, or after them; missing numbers come first."""
    ranks = rule.reindex(member.index).astype(float).fillna(-np.inf).rank()
    inside, outside = member.sum(), (~member).sum()
    area = (ranks[member].sum() - inside * (inside + 1) / 2) / (inside * outside)
    return max(area, 1 - area)


def _held(table, column):
    return table[["account_id", column]].dropna().drop_duplicates()
