"""Pairs of accounts, weighed by the sum of all that the two share: few things in common that many hold in part."""

from __future__ import annotations

from linkage.pairs.weigh import heavy_pairs, pair_accounts

__all__ = ["heavy_pairs", "pair_accounts"]
