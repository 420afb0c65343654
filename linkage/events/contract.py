"""The tables we read, declared: their columns, what each must hold, and the other names it goes by.

The reference page of the inputs is made from this file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["account", "identifier", "kind", "text", "time", "deadline", "count", "score"]

# What each type must hold, as the reference page says it.
TYPES: dict[Type, str] = {
    "account": "an account id: case is kept, white space around it is trimmed; at most 1,024 characters",
    "identifier": "text; white space around it is trimmed",
    "kind": "a word, in lower case",
    "text": "text, kept as it is",
    "time": "a time between 1990 and 2100; UTC unless it says otherwise",
    "deadline": "a time from 1990 on; UTC unless it says otherwise",
    "count": "a whole number, zero or more",
    "score": "a number from 0 to 1",
}

# The column types of the checked tables.
STORED: dict[Type, str] = {
    "account": "varchar",
    "identifier": "varchar",
    "kind": "varchar",
    "text": "varchar",
    "time": "timestamp",
    "deadline": "timestamp",
    "count": "bigint",
    "score": "double",
}


@dataclass(frozen=True)
class Column:
    """One column of an input table.

    Args:
        name: the word in settings and files.
        type: what a cell must hold, one of ``TYPES``.
        about: one sentence for the reference page.
        required: whether every row must have it.
        aliases: other names it is known by, in the order they are tried.
        stored: its name in the checked table, where that differs.
        secret: whether a cell may never be quoted, because it names a person or was written by one.
        choices: the only words it may hold; empty means any.
    """

    name: str
    type: Type
    about: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    stored: str = ""
    secret: bool = False
    choices: tuple[str, ...] = ()

    @property
    def checked_name(self) -> str:
        """The column's name in the checked table."""
        return self.stored or self.name

    @property
    def own_names(self) -> frozenset[str]:
        """The names that mean this column and no other: in files and settings, and in the checked table.

        >>> sorted(TABLES["events"].column("timestamp").own_names)
        ['happened_at', 'timestamp']
        """
        return frozenset({self.name, self.checked_name})


@dataclass(frozen=True)
class InputTable:
    """One table that we read.

    Args:
        name: the word in settings, file names and messages.
        about: one sentence for the reference page.
        columns: the columns we know.
        files: the beginnings of file and folder names that mean this table.
        keyed: whether the checked table has a ``row_key``.
        keeps_rest: whether further columns are kept, in ``extra``.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    files: tuple[str, ...] = ()
    keyed: bool = False
    keeps_rest: bool = False

    def column(self, name: str) -> Column:
        """Find a column by its name in files or in the checked table.

        >>> TABLES["events"].column("happened_at").name
        'timestamp'
        """
        return next(column for column in self.columns if name in column.own_names)

    @property
    def checked_columns(self) -> dict[str, str]:
        """The columns of the checked table, each with its DuckDB type.

        >>> list(TABLES["payments"].checked_columns)
        ['row_key', 'account_id', 'fingerprint', 'bin', 'happened_at']
        """
        key = {"row_key": "varchar"} if self.keyed else {}
        rest = {"extra": "map(varchar, varchar)"} if self.keeps_rest else {}
        return key | {column.checked_name: STORED[column.type] for column in self.columns} | rest


_ACCOUNT_NAMES = ("user_id", "uid", "account", "user", "acct_id", "acct", "customer_id")
_TIME_NAMES = (
    "ts", "time", "event_time", "request_time", "occurred_at", "logged_at", "received_at",
    "created_at", "created", "datetime", "date",
)  # fmt: skip

_ACCOUNT = Column("account_id", "account", "The account.", required=True, aliases=_ACCOUNT_NAMES, secret=True)
_TIME = Column(
    "timestamp", "time", "When it happened.", required=True, aliases=_TIME_NAMES, stored="happened_at"
)
_KIND = Column("kind", "kind", "The kind of the value.", required=True, aliases=("type",))

_EVENT_COLUMNS = (
    _ACCOUNT,
    _TIME,
    Column(
        "ip", "identifier", "The address the request came from, IPv4 or IPv6.", secret=True,
        aliases=("client_ip", "ip_address", "ip_addr", "source_ip", "src_ip", "remote_ip", "remote_addr"),
    ),
    Column(
        "asn", "identifier", "The autonomous system of that address.", secret=True,
        aliases=("as_number", "client_asn", "ip_asn", "autonomous_system_number"),
    ),
    Column(
        "prompt", "text", "What the account asked; nested values are kept as JSON text.", secret=True,
        aliases=("prompt_text", "user_prompt", "input", "input_text"),
    ),
    Column(
        "prompt_signature", "text", "A ready signature of the prompt, instead of its text.", secret=True,
        aliases=("signature", "minhash", "prompt_minhash"),
    ),
    Column(
        "system_prompt", "text", "The system prompt of the request.", secret=True,
        aliases=("system", "system_message"),
    ),
    Column(
        "response_tokens", "count", "How many tokens the model wrote.",
        aliases=("completion_tokens", "output_tokens", "tokens_out"),
    ),
    Column(
        "prompt_tokens", "count", "How many tokens the model read.", aliases=("input_tokens", "tokens_in")
    ),
    Column("model", "identifier", "The model that was asked.", aliases=("model_name", "model_id")),
    Column(
        "user_agent", "text", "What the client says it is.", secret=True,
        aliases=("ua", "useragent", "http_user_agent"),
    ),
)  # fmt: skip

_LISTED = (
    InputTable(
        "accounts",
        "One row an account: what is known of it besides its use.",
        (
            Column(
                "account_id", "account", "The account.", required=True, aliases=(*_ACCOUNT_NAMES, "id"),
                secret=True,
            ),
            Column(
                "created_at", "time", "When the account was made.",
                aliases=("created", "signup_at", "signed_up_at", "registered_at", "signup_time", "signup_date"),
            ),
            Column(
                "org", "identifier", "The organisation it belongs to.", secret=True,
                aliases=("organization", "organisation", "org_id", "organization_id", "company", "workspace"),
            ),
            Column(
                "email_domain", "identifier", "What follows the @ of its e-mail address.", secret=True,
                aliases=("domain", "mail_domain"),
            ),
            Column("plan", "identifier", "What it pays for.", aliases=("tier", "subscription", "plan_name")),
            Column(
                "extraction_score", "score", "How much its use looks like extraction, said by another detector.",
                aliases=("extraction", "distillation_score"),
            ),
            Column(
                "status", "identifier", "Whether it is active, banned, …", aliases=("state", "account_status")
            ),
        ),
        files=("accounts", "account", "users", "signups"),
        keeps_rest=True,
    ),
    InputTable(
        "events",
        "One row a request to the model.",
        _EVENT_COLUMNS,
        files=("events", "event", "requests", "usage", "logs", "log"),
        keyed=True,
        keeps_rest=True,
    ),
    InputTable(
        "payments",
        "One row a payment, or one row a payment instrument that an account has used.",
        (
            _ACCOUNT,
            Column(
                "fingerprint", "identifier", "What stays the same wherever one card is used.", required=True,
                secret=True,
                aliases=(
                    "card_fingerprint", "card", "card_hash", "payment_fingerprint", "payment_method", "card_id",
                ),
            ),
            Column("bin", "identifier", "The issuer's digits of the card.", aliases=("card_bin", "iin")),
            Column(
                "timestamp", "time", "When it was used.", aliases=(*_TIME_NAMES, "paid_at"), stored="happened_at"
            ),
        ),
        files=("payments", "payment", "cards"),
        keyed=True,
    ),
    InputTable(
        "allowlist",
        "What must never be blocked.",
        (
            Column(
                "kind", "kind", "What the value is.", required=True, aliases=("type",),
                choices=("account", "org", "ip", "network", "asn", "payment", "template"),
            ),
            Column(
                "value", "identifier", "The account, address, range, …", required=True, secret=True,
                aliases=("identifier", "entry"),
            ),
            Column("reason", "text", "Why it is listed.", aliases=("why", "note", "comment")),
            Column(
                "until", "deadline", "When the entry ends; empty means never.",
                aliases=("expires", "expires_at", "valid_until"),
            ),
        ),
        files=("allowlist", "allow_list"),
    ),
    InputTable(
        "known_shared",
        "What many unrelated accounts share: it may add to a link, never create one.",
        (
            _KIND,
            Column(
                "value", "identifier", "The value, or a range such as 192.0.2.0/24.", required=True, secret=True,
                aliases=("identifier", "range", "network", "cidr"),
            ),
            Column("why", "text", "What it is: a carrier's NAT, a VPN exit, …", aliases=("reason", "note", "comment")),
        ),
        files=("known_shared", "shared"),
    ),
    InputTable(
        "partner_signals",
        "What other labs' lists say of accounts; 'linkage match' fills it. It adds to a link and never creates one.",
        (
            _ACCOUNT,
            Column(
                "signal", "identifier", "The partner and its ring, such as lab-b R-7K2M9Q.", required=True,
                secret=True,
            ),
            Column(
                "timestamp", "time", "When the partner last saw what they share.", aliases=_TIME_NAMES,
                stored="happened_at",
            ),
        ),
        files=("partner_signals",),
    ),
    InputTable(
        "reference",
        "An earlier period's events, from which we learn what is common.",
        _EVENT_COLUMNS,
        files=("reference", "baseline"),
        keyed=True,
        keeps_rest=True,
    ),
    InputTable(
        "reference_frequencies",
        "An earlier period, frozen by linkage reference: how many accounts held each identifier. Prompts are written as signatures; a row * says that a kind is listed completely.",
        (
            _KIND,
            Column(
                "identifier", "identifier", "The cleaned value.", required=True, secret=True, aliases=("value",)
            ),
            Column(
                "accounts", "count", "How many accounts held it.", required=True,
                aliases=("account_count", "n_accounts"),
            ),
            Column(
                "total", "count", "How many accounts there were.", aliases=("total_accounts", "population")
            ),
        ),
        files=("reference_frequencies", "frequencies"),
    ),
)  # fmt: skip

TABLES: dict[str, InputTable] = {table.name: table for table in _LISTED}
