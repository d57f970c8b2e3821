"""What was worked out of the same numbers a moment ago is not worked out again.

An answer, its blocks, its checks and variants rest on the same fits, each in a table of its own.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

P = ParamSpec("P")
R = TypeVar("R")

MOST: Final = 128
"""Results that are held of each function, the latest asked for: those of one athlete, about."""


def by_content(
    told: Callable[P, tuple[NDArray[Any], ...]],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Hold the results of a pure function of arrays; `told` names all arrays that it depends on."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        held: OrderedDict[bytes, R] = OrderedDict()

        @wraps(function)
        def asked(*args: P.args, **kwargs: P.kwargs) -> R:
            key = _digest(told(*args, **kwargs))
            if key not in held:
                held[key] = function(*args, **kwargs)
            held.move_to_end(key)
            if len(held) > MOST:
                held.popitem(last=False)
            return held[key]

        return asked

    return decorate


def _digest(arrays: tuple[NDArray[Any], ...]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for array in arrays:
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.digest()
