"""What a cell must be: for each column, the SQL of its value and of what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkage.events.contract import Column
from linkage.events.timestamps import is_zoneless, time_fault, time_from_native, time_from_text

if TYPE_CHECKING:
    from linkage.events.formats.scan import Seen

_SPACE = "chr(32) || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(160)"
_PADDED = r"^[\s\x{a0}]|[\s\x{a0}]$"
# What programs write where they have nothing; in a column of numbers, times or accounts it is never a value.
_NOTHING = "('', 'null', 'none', 'nan', 'nat', 'na', 'n/a', 'undefined', '\\n', '-')"
_LONGEST_ACCOUNT = 1024


@dataclass(frozen=True)
class CellCheck:
    """The SQL for one column; each expression may use the aliases of those before it.

    Args:
        column: the column of the contract.
        raw: the cell as text, or as it is where it has a type of its own; null where it says nothing.
        value: what is kept.
        fault: what is wrong, null where nothing is.
        zoneless: whether the time names no zone.
        trimmed: whether white space was taken away.
    """

    column: Column
    raw: str
    value: str
    fault: str
    zoneless: str = "false"
    trimmed: str = "false"


def check_cell(column: Column, seen: Seen, raw: str, value: str) -> CellCheck:
    """Give the check of one column.

    Args:
        column: what the cell must be.
        seen: where the file has it.
        raw: the alias under which later expressions find the raw cell.
        value: the alias under which they find the value.
    """
    text = as_text(seen)
    # Hardly any cell has white space around it, and looking is cheaper than trimming.
    padded = f"regexp_matches({text}, '{_PADDED}')"
    trimmed = f"case when {padded} then trim({text}, {_SPACE}) else {text} end"
    if column.type == "text":
        return CellCheck(column, f"nullif({text}, '')", raw, "null::varchar")
    if column.type in {"identifier", "kind", "account"}:
        kept = f"lower({raw})" if column.type == "kind" else raw
        given = _given(trimmed) if column.type == "account" else f"nullif({trimmed}, '')"
        return CellCheck(
            column, given, kept, _word_fault(column, value), trimmed=f"coalesce({padded}, false)"
        )
    if column.type in {"time", "deadline"}:
        return _time(column, seen, raw, value, _given(trimmed))
    return _number(column, raw, value, _given(trimmed))


def as_text(seen: Seen) -> str:
    """Give the SQL that writes a cell as text: nested values as JSON, whole numbers without a point.

    >>> from linkage.events.formats.scan import Seen
    >>> as_text(Seen("tags", "c0", "VARCHAR[]"))
    'to_json(c0)::varchar'
    """
    cell, type_ = seen.cell, seen.type
    if type_ == "VARCHAR":
        return cell
    if type_.endswith("]") or type_.startswith(("STRUCT", "MAP", "UNION", "JSON")):
        return f"to_json({cell})::varchar"
    if type_ in {"DOUBLE", "FLOAT"}:
        whole = f"{cell} = trunc({cell}) and abs({cell}) < 1e15"
        return f"case when isnan({cell}) then null when {whole} then {cell}::bigint::varchar else {cell}::varchar end"
    return f"{cell}::varchar"


def _given(text: str) -> str:
    return f"case when strlen({text}) < 10 and lower({text}) in {_NOTHING} then null else {text} end"


def _word_fault(column: Column, value: str) -> str:
    faults = [f"when {value} is null then 'is missing'"] if column.required else []
    if column.type == "account":
        faults.append(
            f"when length({value}) > {_LONGEST_ACCOUNT} then 'is longer than {_LONGEST_ACCOUNT:,} characters'"
        )
        faults.append(f"when contains({value}, chr(0)) then 'holds a NUL byte'")
    if column.choices:
        words = ", ".join(f"'{choice}'" for choice in column.choices)
        faults.append(f"when {value} not in ({words}) then 'is none of {', '.join(column.choices)}'")
    return f"case {' '.join(faults)} end" if faults else "null::varchar"


def _time(column: Column, seen: Seen, raw: str, value: str, given: str) -> CellCheck:
    if seen.type.startswith(("TIMESTAMP", "DATE")):
        read, zoneless, given = time_from_native(raw, seen.type), is_zoneless(raw, seen.type), seen.cell
    else:
        read, zoneless = time_from_text(raw), is_zoneless(raw, "VARCHAR")
    wrong = time_fault(f"{raw}::varchar", value, column.type)
    missing = f"case when {raw} is null then 'is missing' else {wrong} end"
    return CellCheck(
        column, given, read, missing if column.required else wrong, f"({value} is not null and {zoneless})"
    )


def _number(column: Column, raw: str, value: str, given: str) -> CellCheck:
    number = f"try_cast({raw} as double)"
    if column.type == "score":
        wrong = f"when {raw} is not null and not coalesce({value} between 0 and 1, false) then 'is no number from 0 to 1'"
        read = f"case when isfinite({number}) then {number} end"
    else:
        # DuckDB rounds 12.5 to 13 and reads 1_000 and 0x1F; a count is digits, or a float without a rest.
        digits = f"regexp_full_match({raw}, '[+-]?\\d{{1,18}}')"
        whole = f"regexp_full_match({raw}, '[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?') and {number} = trunc({number}) and abs({number}) < 1e15"
        read = f"case when {digits} then try_cast({raw} as bigint) when {whole} then {number}::bigint end"
        wrong = (
            f"when {raw} is not null and {value} is null then 'is no whole number' "
            f"when {value} < 0 then 'is negative'"
        )
    missing = f"when {raw} is null then 'is missing' " if column.required else ""
    return CellCheck(column, given, read, f"case {missing}{wrong} end")
