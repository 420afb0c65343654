"""Rules on one column of a world's tables, and how well each of them tells members from others."""

from __future__ import annotations

import numpy as np

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


def best_rules(world):
    """Give for every rule on one column the area under its curve for membership, 0.5 to 1, by the rule's name."""
    frames = {name: table.to_pandas() for name, table in world.items()}
    frames["events"]["network"] = frames["events"]["ip"].str.split("::").str[0]
    member = frames["truth"].set_index("account_id")["ring"].notna()
    found = {name: auc(rule, member) for name, rule in _numbers(frames)}
    for table, column in SHARED:
        held = _held(frames[table], column)
        ours = held["account_id"].map(member)
        rates = held.assign(ours=ours).groupby(column)["ours"].agg(["sum", "size"])
        hit, false = rates["sum"] / member.sum(), (rates["size"] - rates["sum"]) / (~member).sum()
        found[f"one value of {column}"] = (0.5 + abs(hit - false) / 2).max()
    return found


def auc(rule, member):
    """Measure how well a number orders members before others, or after them; missing numbers come first."""
    ranks = rule.reindex(member.index).astype(float).fillna(-np.inf).rank()
    inside, outside = member.sum(), (~member).sum()
    area = (ranks[member].sum() - inside * (inside + 1) / 2) / (inside * outside)
    return max(area, 1 - area)


def _numbers(frames):
    for table, column in SHARED:
        held = _held(frames[table], column)
        n = held.groupby(column)["account_id"].transform("size")
        sharers = held.assign(n=n).groupby("account_id")["n"]
        yield f"most sharers of {column}", sharers.max()
        yield f"mean sharers of {column}", sharers.mean()
        yield f"values of {column}", sharers.size()
    events = frames["events"]
    for column in ("response_tokens", "prompt_tokens"):
        lengths = events.groupby("account_id")[column]
        yield f"mean {column}", lengths.mean()
        yield f"spread of {column}", lengths.std()
        yield f"relative spread of {column}", lengths.std() / lengths.mean()
        yield f"least {column}", lengths.min()
        yield f"most {column}", lengths.max()
    times = events.groupby("account_id")["timestamp"]
    hours = events["timestamp"].dt.hour.groupby(events["account_id"])
    first, last = (moment.astype("int64") for moment in (times.min(), times.max()))
    yield "requests", times.size()
    yield "first request", first
    yield "last request", last
    yield "days of use", last - first
    yield "mean hour", hours.mean()
    yield "spread of hours", hours.std()
    created = frames["accounts"].set_index("account_id")["created_at"].dropna()
    wave = created.dt.floor("h")
    yield "sign-up", created.astype("int64")
    yield "hour of sign-up", created.dt.hour
    yield "sign-ups in the hour", wave.map(wave.value_counts())


def _held(table, column):
    return table[["account_id", column]].dropna().drop_duplicates()
