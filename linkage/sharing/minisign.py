"""Signatures in the format of minisign, so that a partner can check ours with a program we did not write.

A signature file has four lines: an untrusted comment, which nothing protects; the signature of the content; a trusted
comment; and the signature of these two together.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from linkage.errors import DataError, SettingsError
from linkage.inert import inert

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_SIGNATURE = 16_384
"""Bytes of a signature file: what minisign itself takes, and room to spare."""

_KEY = b"Ed"
_PREHASHED = b"ED"
"""The Ed25519 signature is over the BLAKE2b of the content; minisign writes no other since version 0.10."""
_UNTRUSTED = "untrusted comment: "
_TRUSTED = "trusted comment: "
_LARGEST_COMMENT = 8_000


@dataclass(frozen=True)
class SigningKey:
    """A lab's key for signing what it shares.

    Args:
        seed: 32 bytes, the secret.
        key_id: 8 bytes by which signatures say which key made them; no secret.
    """

    seed: bytes = field(repr=False)
    key_id: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != 32 or len(self.key_id) != 8:
            raise DataError("a signing key is a seed of 32 bytes and a key id of 8 bytes; this one is not")

    @classmethod
    def generate(cls) -> SigningKey:
        """Make a new key, from the system's randomness."""
        return cls.of_seed(secrets.token_bytes(40))

    @classmethod
    def of_seed(cls, stored: bytes) -> SigningKey:
        """Take a key up again from the 40 bytes that ``stored`` gave.

        Raises:
            DataError: it has another length.
        """
        return cls(stored[:32], stored[32:])

    @property
    def stored(self) -> bytes:
        """The seed and the key id, 40 bytes to keep secret."""
        return self.seed + self.key_id

    @property
    def public(self) -> str:
        """The line that partners pin, as minisign writes it.

        >>> SigningKey.of_seed(bytes(40)).public
        'RWQAAAAAAAAAADtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop'
        """
        return _encoded(_KEY + self.key_id + self._private.public_key().public_bytes_raw())

    def sign(self, content: bytes, *, trusted_comment: str) -> bytes:
        """Sign.

        Args:
            content: what is signed.
            trusted_comment: one line that is signed with it, for people.

        Returns:
            The signature file, the same each time.

        Raises:
            DataError: the comment is not one line of visible text.

        >>> key = SigningKey.of_seed(bytes(40))
        >>> verify(b"content", key.sign(b"content", trusted_comment="list 1"), [key.public])
        'list 1'
        """
        if not trusted_comment.isprintable() or len(trusted_comment.encode()) > _LARGEST_COMMENT:
            raise DataError(
                f"a trusted comment is one line of at most {_LARGEST_COMMENT} bytes of visible text; this is not"
            )
        signature = self._private.sign(_hashed(content))
        lines = (
            f"{_UNTRUSTED}signature of a linkage export",
            _encoded(_PREHASHED + self.key_id + signature),
            _TRUSTED + trusted_comment,
            _encoded(self._private.sign(signature + trusted_comment.encode())),
        )
        return "".join(f"{line}\n" for line in lines).encode()

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def verify(content: bytes, signature: bytes, public_keys: Sequence[str]) -> str:
    """Check that one of the pinned keys signed exactly this content.

    Args:
        content: what was signed.
        signature: the signature file.
        public_keys: the lines ``RW...`` of the partner; while it changes its key, the old one and the new one.

    Returns:
        The trusted comment. It is the partner's text: show it through ``inert``.

    Raises:
        DataError: it is no minisign signature, or the key is not pinned, or the content or the comment was changed.
        SettingsError: a pinned key is no minisign public key.

    >>> ours, theirs = SigningKey.of_seed(bytes(40)), SigningKey.of_seed(bytes(39) + b"1")
    >>> verify(b"content", theirs.sign(b"content", trusted_comment="list 1"), [ours.public])
    Traceback (most recent call last):
        ...
    linkage.errors.DataError: the list is signed with the key 3100000000000000, which is not pinned; ...
    """
    keys = [_public_key(line) for line in public_keys]
    signed = _Signature.of(signature)
    candidates = [key for key_id, key in keys if key_id == signed.key_id]
    if not candidates:
        raise DataError(
            f"the list is signed with the key {_shown(signed.key_id)}, which is not pinned; if the partner has a new "
            "key, ask for it by another way than this list, and add it to the partner's keys"
        )
    # Two pinned keys may bear one id: ids are 8 bytes of the partner's choice.
    matching = [key for key in candidates if _holds(key, signed.signature, _hashed(content))]
    if not matching:
        raise DataError(
            "the signature does not match the content: it was changed after it was signed, or is another list's; "
            "fetch both again from the partner"
        )
    joined = signed.signature + signed.comment.encode()
    if not any(_holds(key, signed.comment_signature, joined) for key in matching):
        raise DataError(
            "the trusted comment of the signature was changed after it was signed; fetch it again from the partner"
        )
    return signed.comment


@dataclass(frozen=True)
class _Signature:
    key_id: bytes
    signature: bytes
    comment: str
    comment_signature: bytes

    @classmethod
    def of(cls, content: bytes) -> _Signature:
        if len(content) > LARGEST_SIGNATURE:
            raise _no_signature("it is too long")
        try:
            lines = [line.removesuffix("\r") for line in content.decode().removesuffix("\n").split("\n")]
        except UnicodeDecodeError:
            raise _no_signature("it is not text") from None
        if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
            raise _no_signature("it does not have the four lines of one")
        head, comment_signature = _decoded(lines[1]), _decoded(lines[3])
        if len(head) != 74 or len(comment_signature) != 64:
            raise _no_signature("its second and fourth line do not hold signatures")
        if head[:2] != _PREHASHED:
            raise _no_signature(
                "it is of a kind that is not taken: sign prehashed, as minisign does by itself"
            )
        return cls(head[2:10], head[10:], lines[2].removeprefix(_TRUSTED), comment_signature)


def _no_signature(reason: str) -> DataError:
    return DataError(f"this is not a minisign signature: {reason}; fetch the file ending in .minisig again")


def _public_key(line: str) -> tuple[bytes, Ed25519PublicKey]:
    content = _decoded(line.strip())
    if len(content) != 42 or content[:2] != _KEY:
        raise SettingsError(
            f"{inert(line)!r} is not a minisign public key; it is one line of 56 letters that begins with RW"
        )
    return content[2:10], Ed25519PublicKey.from_public_bytes(content[10:])


def _holds(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _hashed(content: bytes) -> bytes:
    return hashlib.blake2b(content).digest()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _decoded(line: str) -> bytes:
    """Read base64; nothing where it is not written as an encoder writes it, as its last letter has bits to spare."""
    try:
        content = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return content if _encoded(content) == line else b""


def _shown(key_id: bytes) -> str:
    """Write a key id as minisign shows it: a little-endian number."""
    return f"{int.from_bytes(key_id, 'little'):016X}"
