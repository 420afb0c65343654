"""Tokens made with a hub that learns neither the values nor the tokens (RFC 9497, VOPRF, ristretto255-SHA512).

Because each value costs a request that the hub counts, also what can be gone through one by one may be compared so.
The proof in each answer shows that the hub used the one key all members have pinned, and not one for this member.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from linkage.errors import DataError, MissingPartError
from linkage.inert import inert
from linkage.sharing.tokens import base32, framed, quarter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

Made = TypeVar("Made")

MOST_VALUES = 10_000
"""How many values go into one request."""
LONGEST_VALUE = 1024
"""How many bytes a value may have."""
ELEMENT = 32
PROOF = 64


@dataclass(frozen=True)
class Blinding:
    """Values on their way to the hub, and what is needed to read its answer; never kept, never sent.

    Args:
        blinded: what goes to the hub, one element for each value.
        secrets: what takes the blinding off again.
    """

    blinded: tuple[bytes, ...]
    secrets: tuple[object, ...] = field(repr=False)

    def tokens(self, evaluation: bytes, public_key: bytes) -> list[str]:
        """Take the blinding off the hub's answer.

        Args:
            evaluation: as ``HubKey.evaluate`` made it.
            public_key: the hub's key of this quarter, as it was pinned, never as the answer says.

        Returns:
            A token for each value, in their order.

        Raises:
            DataError: it is no answer to this request, or another key made it.
        """
        if len(evaluation) != ELEMENT * len(self.blinded) + PROOF:
            raise DataError(
                f"the hub's answer is none to a request of {len(self.blinded):,} values; ask it again"
            )
        library = _library()
        pinned = _made(lambda: library.PublicKey.deserialize(public_key), "the hub's public key is no key")
        outputs: list[bytes] = _made(
            lambda: library.Client.finalize_batch(
                list(self.secrets), library.VerifiableBatchOutput.deserialize(evaluation), pinned
            ),
            "the hub's answer does not prove that it used the key we pinned; use none of it, and ask the hub's keepers",
        )
        return [base32(output[:32]) for output in outputs]


@dataclass(frozen=True)
class HubKey:
    """The hub's key of one quarter. When it is deleted, all tokens of that quarter are dead.

    Args:
        secret: 32 bytes.
        epoch: the quarter, such as ``2026q4``.

    Raises:
        DataError: it is not 32 bytes, or the epoch is no quarter.
    """

    secret: bytes = field(repr=False)
    epoch: str

    def __post_init__(self) -> None:
        if len(self.secret) != 32:
            raise DataError(f"a hub key is 32 bytes, this one is {len(self.secret)}; make one anew")
        quarter(self.epoch)

    @property
    def public_key(self) -> bytes:
        """What members pin: 32 bytes."""
        public: bytes = self._evaluator().public_key.serialize()
        return public

    def evaluate(self, blinded: Sequence[bytes]) -> bytes:
        """Answer a request without seeing what it asks for.

        Args:
            blinded: the elements of one request.

        Returns:
            64 bytes that prove the key for all, then an element of 32 bytes for each.

        Raises:
            DataError: there are none or too many, or one is no element.
        """
        if not 1 <= len(blinded) <= MOST_VALUES:
            raise DataError(f"a request has 1 to {MOST_VALUES:,} values, this one {len(blinded):,}")
        library = _library()
        elements = _made(
            lambda: [library.BlindedInput.deserialize(element) for element in blinded],
            "a blinded value is no element of ristretto255; blind the values anew",
        )
        evaluation: bytes = self._evaluator().evaluate_batch(elements).serialize()
        return evaluation

    def _evaluator(self) -> Any:  # noqa: ANN401 - the library may be absent, and its types with it
        return _library().Evaluator.from_seed(self.secret, f"linkage hub {self.epoch}".encode())


def blind(kind: str, epoch: str, values: Sequence[str]) -> Blinding:
    """Blind values for one request: the hub sees random elements, others each time.

    Args:
        kind: of the values; the same value of another kind has another token.
        epoch: the quarter whose key the hub shall use.
        values: as the kind cleans them; only spaces around them are taken off here.

    Raises:
        DataError: there are none or too many, one is empty or too long, or the epoch is no quarter.
        MissingPartError: ``voprf`` is not installed.
    """
    if not 1 <= len(values) <= MOST_VALUES:
        raise DataError(f"a request has 1 to {MOST_VALUES:,} values, this one {len(values):,}")
    quarter(epoch)
    cleaned = [value.strip().encode("utf-8", "surrogatepass") for value in values]
    wrong = sum(not 1 <= len(value) <= LONGEST_VALUE for value in cleaned)
    if wrong:
        raise DataError(
            f"{wrong:,} values of kind '{inert(kind)}' are empty or longer than {LONGEST_VALUE:,} bytes; leave them out"
        )
    client = _library().Client
    pairs = [client.blind(message(kind, epoch, value)) for value in cleaned]
    return Blinding(tuple(blinded.serialize() for _, blinded in pairs), tuple(secret for secret, _ in pairs))


def message(kind: str, epoch: str, value: bytes) -> bytes:
    """Write what is evaluated: the same value of another kind or quarter is another message.

    >>> message("ip", "2026q4", b"203.0.113.7") == message("asn", "2026q4", b"203.0.113.7")
    False
    """
    return framed(b"linkage oprf 1", epoch.encode(), kind.encode(), value)


def _made(make: Callable[[], Made], wrong: str) -> Made:
    try:
        return make()
    except ValueError:
        raise DataError(wrong) from None
    except BaseException as error:
        # A proof that fails ends in a panic of the library, which is no Exception and has no name to import.
        if type(error).__name__ != "PanicException":
            raise
        raise DataError(wrong) from None


def _library() -> ModuleType:
    try:
        library: ModuleType = import_module("voprf").ristretto
    except ImportError:
        raise MissingPartError(
            "tokens of a hub need voprf, an optional part: pip install 'linkage-rings[oprf]'"
        ) from None
    return library
