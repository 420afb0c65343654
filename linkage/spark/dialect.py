"""Statements in DuckDB's words put into Spark's, so that they say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp

from linkage.spark.texts import TextExpression

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_BOUND = "bound_"
# What engines do each in their own way: patterns, white space, upper and lower case, bytes.
_OF_TEXT = (
    exp.RegexpExtract,
    exp.RegexpExtractAll,
    exp.RegexpFullMatch,
    exp.RegexpILike,
    exp.RegexpLike,
    exp.RegexpReplace,
    exp.Trim,
    exp.Lower,
    exp.Upper,
)
_OF_TEXT_BY_NAME = frozenset(("ltrim", "rtrim"))
_OF_MANY_ROWS = (exp.AggFunc, exp.Window, exp.Query, exp.Explode, exp.Unnest, exp.Star, exp.Alias)
_WHOLE = (exp.DType.BIGINT, exp.DType.INT, exp.DType.UBIGINT)
# Columns that become whole numbers are whole numbers of another width.
_WITHOUT_REST = (exp.Literal, exp.Count, exp.Sum, exp.Column, exp.Floor, exp.Window)


@dataclass
class Statement:
    """A statement in Spark's words.

    Args:
        tree: it, taken apart.
        values: what is bound in it, by name.
        texts: the expressions that DuckDB works out batch by batch, by the name of their function.
    """

    tree: exp.Expr
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, TextExpression] = field(default_factory=dict)

    def sql(self, tree: exp.Expr | None = None) -> str:
        """Write it, or a part of it."""
        return str((tree or self.tree).sql(dialect="spark", comments=False))


def translated(query: str, parameters: Sequence[Any] = ()) -> Statement:
    """Put a statement of DuckDB into Spark's words.

    >>> said = translated("select account, round(log2(n / ?), 6) as bits from held qualify row_number() over (order by n) = 1", [8])
    >>> sorted(said.values.items())
    [('bound_0', 8)]
    >>> "QUALIFY" in said.sql(), ":bound_0" in said.sql()
    (False, True)

    Args:
        query: the statement.
        parameters: what ``?`` stands for, in order.
    """
    tree = sqlglot.parse_one(_named(query), read="duckdb")
    statement = Statement(tree)
    statement.tree = _without_texts(tree, list(parameters), statement.texts)
    # From the inside out: what is changed holds what was changed before.
    for node in reversed(list(statement.tree.walk())):
        put = _alike(node)
        if put is not node and node is not statement.tree:
            node.replace(put)
    for column in list(statement.tree.find_all(exp.Column)):
        if column.name.startswith(_BOUND) and not column.table:
            statement.values[column.name] = parameters[int(column.name.removeprefix(_BOUND))]
            column.replace(exp.Placeholder(this=column.name))
    return statement


def _named(query: str) -> str:
    """Write each ``?`` as a name, so that its place in the text is not lost when the tree is changed."""
    marks = [
        token.start
        for token in sqlglot.tokenize(query, read="duckdb")
        if token.token_type == sqlglot.TokenType.PLACEHOLDER
    ]
    for number, place in reversed(list(enumerate(marks))):
        query = f"{query[:place]}{_BOUND}{number}{query[place + 1 :]}"
    return query


def _without_texts(tree: exp.Expr, parameters: list[Any], texts: dict[str, TextExpression]) -> exp.Expr:
    """Put a call in the place of each largest expression over single rows that takes text apart."""
    if not any(_is_of_text(node) for node in tree.walk()):
        return tree
    if isinstance(tree, exp.Expr) and _is_of_one_row(tree):
        expression = TextExpression.of(tree, parameters, _BOUND)
        texts[expression.name] = expression
        return exp.Anonymous(
            this=expression.name, expressions=[exp.column(*each) for each in expression.columns]
        )
    for child in list(tree.iter_expressions()):
        put = _without_texts(child, parameters, texts)
        if put is not child:
            child.replace(put)
    return tree


def _is_of_text(node: exp.Expr) -> bool:
    return isinstance(node, _OF_TEXT) or (
        isinstance(node, exp.Anonymous) and node.name.lower() in _OF_TEXT_BY_NAME
    )


def _is_of_one_row(tree: exp.Expr) -> bool:
    return isinstance(tree, exp.Condition) and not any(
        isinstance(node, _OF_MANY_ROWS) for node in tree.walk()
    )


def _alike(node: exp.Expr) -> exp.Expr:
    """Say one thing so that Spark takes it as DuckDB does."""
    change = _CHANGES.get(type(node))
    return change(node) if change else node


def _double(node: exp.Expr) -> exp.Expr:
    """Write a number with a point as one that is not exact: exact ones would be divided to fewer digits."""
    return (
        exp.cast(exp.Literal.string(node.name), "double") if not node.is_string and not node.is_int else node
    )


def _rounded(node: exp.Expr) -> exp.Expr:
    """Round to some digits as DuckDB does: Spark would round what is printed of a number."""
    digits = node.args.get("decimals")
    if digits is None:
        return node
    power = exp.cast(exp.Literal.string(f"1e{digits.name}"), "double")
    whole = exp.Round(this=exp.Mul(this=exp.paren(node.this), expression=power))
    return exp.paren(exp.Div(this=whole, expression=power.copy(), typed=False, safe=False))


def _whole(node: exp.Expr) -> exp.Expr:
    """Round what becomes a whole number: Spark would cut it off. Spark has no unsigned ones."""
    if node.to.this not in _WHOLE or isinstance(node.this, _WITHOUT_REST):
        return node
    rounded = exp.Anonymous(this="rint", expressions=[node.this])
    return exp.cast(rounded, "bigint" if node.to.this == exp.DType.UBIGINT else node.to)


def _numbered(node: exp.Expr) -> exp.Expr:
    """Count rows in numbers as wide as DuckDB's."""
    counts = isinstance(node.this, (exp.RowNumber, exp.Rank)) and not isinstance(node.parent, exp.Cast)
    return exp.cast(node, "bigint") if counts else node


def _unkept(node: exp.Expr) -> exp.Expr:
    """Leave out whether a part is to be kept: Spark never does."""
    node.set("materialized", None)
    return node


def _seconds(node: exp.Expr) -> exp.Expr:
    """Give seconds since 1970 with their parts."""
    micros = exp.Anonymous(this="unix_micros", expressions=[node.this])
    return exp.paren(
        exp.Div(
            this=micros, expression=exp.cast(exp.Literal.string("1e6"), "double"), typed=False, safe=False
        )
    )


def _called(node: exp.Expr) -> exp.Expr:
    """Call by Spark's name what SQLGlot does not know."""
    if node.name.lower() == "fsum":
        return exp.Sum(this=node.expressions[0])
    if node.name.lower() == "strlen":
        return exp.Anonymous(this="octet_length", expressions=node.expressions)
    return node


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Literal: _double,
    exp.Round: _rounded,
    exp.Cast: _whole,
    exp.Window: _numbered,
    exp.CTE: _unkept,
    exp.TimeToUnix: _seconds,
    exp.Anonymous: _called,
}
