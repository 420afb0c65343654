"""Looks at many bytes of a text at once, which plain numba has no words for: LLVM's vectors, on any processor."""

# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# ruff: noqa: ANN001, ANN202, ARG001 - numba's typing functions have types of numba's own

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt

    Look = Callable[[npt.NDArray[np.uint8], np.uint64], np.uint64]
    OfBits = Callable[[np.uint64], np.uint64]

BLOCK = 64
"""Bytes that are looked at in one step; whoever looks makes sure that so many are there."""
_BYTE, _WORD = ir.IntType(8), ir.IntType(64)
_BYTES = ir.VectorType(_BYTE, BLOCK)


def _letters_at(typing_context, text, at):
    def generate(context, builder, signature, arguments):
        block = _load(context, builder, signature, arguments, _BYTES)
        lower = builder.or_(block, _all(0x20))
        letter = builder.icmp_unsigned("<", builder.sub(lower, _all(ord("a"))), _all(26))
        digit = builder.icmp_unsigned("<", builder.sub(block, _all(ord("0"))), _all(10))
        return builder.bitcast(builder.or_(letter, digit), _WORD)

    return types.uint64(text, at), generate


def _above_ascii_at(typing_context, text, at):
    def generate(context, builder, signature, arguments):
        block = _load(context, builder, signature, arguments, _BYTES)
        return builder.bitcast(builder.icmp_signed("<", block, _all(0)), _WORD)

    return types.uint64(text, at), generate


def _eight_at(typing_context, text, at):
    def generate(context, builder, signature, arguments):
        return builder.bswap(_load(context, builder, signature, arguments, _WORD))

    return types.uint64(text, at), generate


def _lowest_bit(typing_context, mask):
    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


def _count_bits(typing_context, mask):
    def generate(context, builder, signature, arguments):
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


def _load(context, builder, signature, arguments, kind):
    """Load a value of some kind from where ``at`` points in the array, wherever that lies in memory."""
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    place = cgutils.gep_inbounds(builder, array.data, arguments[1])
    return builder.load(builder.bitcast(place, kind.as_pointer()), align=1)


def _all(value: int) -> ir.Constant:
    return ir.Constant(_BYTES, [ir.Constant(_BYTE, value)] * BLOCK)


letters_at = cast("Look", intrinsic(_letters_at))
"""Marks, from the lowest bit up, which of the 64 bytes from a place on are ASCII letters or digits."""
above_ascii_at = cast("Look", intrinsic(_above_ascii_at))
"""Marks, from the lowest bit up, which of the 64 bytes from a place on belong to characters above ASCII."""
eight_at = cast("Look", intrinsic(_eight_at))
"""Reads the eight bytes from a place on as one number, the first byte highest."""
lowest_bit = cast("OfBits", intrinsic(_lowest_bit))
"""Says how many bits lie below the lowest one that is set; below none, 64 do."""
count_bits = cast("OfBits", intrinsic(_count_bits))
"""Says how many bits are set."""
