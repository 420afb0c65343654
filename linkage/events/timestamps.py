"""Times as people write them, read as UTC by SQL: ISO 8601, epochs of any unit, mail and access logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkage.events.contract import Type

EARLIEST, LATEST = "timestamp '1990-01-01'", "timestamp '2101-01-01'"
_NEVER = "timestamp '10000-01-01'"

_DATE = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_OFFSET = r"[+-](0\d|1[0-4]):?([0-5]\d)?"
# Nearly every log writes this; DuckDB's own cast takes it.
_PLAIN_ISO = r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?Z?)?"
_ANY_ISO = rf"(?i)({_DATE})([T ]+({_CLOCK})\s*({_OFFSET})?\s*(Z|UTC|GMT)?)?"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_SLASHED = r"(\d{1,2})/(\d{1,2})/(\d{4})(?:,?[ T]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\s*([AaPp])[Mm])?)?"
_EITHER_ORDER = r"(0?[1-9]|1[0-2])/(0?[1-9]|1[0-2])/\d{4}\D?.*"

_ZONED_FORMATS = (
    "%a, %d %b %Y %H:%M:%S %z",  # mail and HTTP
    "%d %b %Y %H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S %z",  # access logs
    "%a %b %d %H:%M:%S %z %Y",
    "%Y%m%dT%H%M%S %z",
)
_ZONELESS_FORMATS = (
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%d/%b/%Y:%H:%M:%S",
    "%a %b %d %H:%M:%S %Y",
    "%b %d, %Y %I:%M:%S %p",
    "%b %d, %Y",
    "%d %b %Y",
    "%Y%m%dT%H%M%S",
)

# Seconds, milli-, micro- and nanoseconds of the years we take do not overlap, so the size tells the unit.
_FIRST_SECOND, _LAST_SECOND = 631_152_000, 4_133_980_799


def time_from_text(text: str) -> str:
    """Give the SQL that reads a time from the text expression ``text``; null where it cannot.

    >>> import duckdb
    >>> query = f"select {time_from_text('t')} from (values ('2026-09-03T03:12:09+02:00'), ('1788397929')) v(t)"
    >>> [str(time) for (time,) in duckdb.sql(query).fetchall()]
    ['2026-09-03 01:12:09', '2026-09-03 01:12:09']
    """
    return f"""case
        when {text} is null then null
        when regexp_full_match({text}, '{_PLAIN_ISO}') then try_cast({text} as timestamp)
        when regexp_full_match({text}, '{_NUMBER}') then {time_from_number(text)}
        when regexp_full_match({text}, '{_ANY_ISO}') then {_any_iso(text)}
        when regexp_full_match({text}, '{_SLASHED}') then {_slashed(text)}
        else {_spelled(text)}
    end"""


def time_from_number(number: str) -> str:
    """Give the SQL that reads an epoch of any unit from ``number``, which may be text."""
    whole, part = f"try_cast({number} as bigint)", f"try_cast({number} as double)"
    integral = f"regexp_full_match({number}::varchar, '[+-]?\\d+')"
    units = ((1, 1_000_000, 1), (1_000, 1_000, 1), (1_000_000, 1, 1), (1_000_000_000, 1, 1_000))
    exact = " ".join(
        f"when {integral} and {_within(whole, unit)} then make_timestamp({whole} * {times} // {over})"
        for unit, times, over in units
    )
    rounded = " ".join(
        f"when {_within(part, unit)} then make_timestamp(round({part} * {times} / {over})::bigint)"
        for unit, times, over in units
    )
    return f"case {exact} {rounded} end"


def time_from_native(cell: str, type_: str) -> str:
    """Give the SQL that reads a time from a cell of a DuckDB type other than text.

    >>> time_from_native("c0", "TIMESTAMP WITH TIME ZONE")
    'make_timestamp(epoch_us(c0))'
    """
    if type_.startswith(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")):
        return f"make_timestamp(epoch_us({cell}))"
    if type_.startswith(("TIMESTAMP", "DATE")):
        return f"try_cast({cell} as timestamp)"
    return time_from_number(cell)


def is_zoneless(cell: str, type_: str) -> str:
    """Give the SQL that says whether a readable time names no zone, so that UTC is assumed."""
    if type_ != "VARCHAR":
        return str(type_.startswith(("TIMESTAMP", "DATE")) and "TIME ZONE" not in type_).lower()
    zone = rf"(?i)(z|utc|gmt|:\d\d[0-9.,]*\s*{_OFFSET}( \d{{4}})?)$"
    return f"not (regexp_full_match({cell}, '{_NUMBER}') or regexp_matches({cell}, '{zone}'))"


def time_fault(text: str, value: str, type_: Type) -> str:
    """Give the SQL for what is wrong with a time: null where ``text`` is empty or ``value`` will do."""
    latest = LATEST if type_ == "time" else _NEVER
    years = "the years 1990 to 2100" if type_ == "time" else "the years from 1990 on"
    # Not a range of text: an epoch that fits no unit is a number all the same.
    return f"""case
        when {text} is null or ({value} >= {EARLIEST} and {value} < {latest}) then null
        when {value} is not null or regexp_full_match({text}, '{_NUMBER}') then 'lies outside {years}'
        when regexp_full_match({text}, '{_EITHER_ORDER}')
            then 'could mean day/month or month/day; write 2026-09-03'
        else 'is no time that we can read; write 2026-09-03T01:12:09Z'
    end"""


def _within(number: str, unit: int) -> str:
    return f"{number} between {_FIRST_SECOND * unit} and {(_LAST_SECOND + 1) * unit - 1}"


def _any_iso(text: str) -> str:
    """Read ISO 8601 with any separator and offset: the offset is taken off by hand, without time zone tables."""
    found = f"regexp_extract({text}, '^{_ANY_ISO}$', ['date', 'rest', 'clock', 's', 'f', 'offset'])"
    date, clock, offset = (f"{found}.{name}" for name in ("date", "clock", "offset"))
    written = f"replace({date}, '/', '-') || ' ' || case when {clock} = '' then '00:00' else replace({clock}, ',', '.') end"
    sign = f"case when left({offset}, 1) = '-' then -1 else 1 end"
    hours = f"coalesce(try_cast(substr({offset}, 2, 2) as integer), 0)"
    minutes = f"coalesce(try_cast(substr(replace({offset}, ':', ''), 4, 2) as integer), 0)"
    return f"try_cast({written} as timestamp) - to_minutes(({sign}) * ({hours} * 60 + {minutes}))"


def _slashed(text: str) -> str:
    """Read 09/23/2026 or 23/09/2026 where only one order is possible."""
    first, second, year = (f"regexp_extract({text}, '{_SLASHED}', {group})" for group in (1, 2, 3))
    clock, half = (f"regexp_extract({text}, '{_SLASHED}', {group})" for group in (4, 5))
    day, month = f"{first}::integer", f"{second}::integer"
    order = f"""case
        when {day} > 12 and {month} <= 12 or {day} = {month} then {year} || '-' || {second} || '-' || {first}
        when {day} <= 12 and {month} > 12 then {year} || '-' || {first} || '-' || {second}
    end"""
    hours = f"case upper({half}) when 'A' then (case when {clock} like '12:%' then -12 else 0 end) when 'P' then (case when {clock} like '12:%' then 0 else 12 end) else 0 end"
    return (
        f"try_cast({order} || ' ' || coalesce(nullif({clock}, ''), '00:00') as timestamp) + to_hours({hours})"
    )


def _spelled(text: str) -> str:
    """Read times with the month's name; the zone names that mean UTC are written as an offset first."""
    offset = f"regexp_replace({text}, '(?i)\\s*(gmt|utc|z)$', ' +0000')"
    return (
        f"coalesce(make_timestamp(epoch_us(try_strptime({offset}, {list(_ZONED_FORMATS)}))), "
        f"try_strptime({text}, {list(_ZONELESS_FORMATS)}))"
    )
