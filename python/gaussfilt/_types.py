"""What the NumPy faces take, as types for their annotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

Integer = int | np.integer[Any]
Real = float | np.floating[Any] | np.integer[Any]
Scalar = complex | np.number[Any]

# One for all axes, or one per axis.
Integers = Integer | Sequence[Integer] | NDArray[np.integer[Any]]
Reals = Real | Sequence[Real] | NDArray[np.floating[Any] | np.integer[Any]]

Mode = Literal["reflect", "grid-mirror", "mirror", "nearest", "wrap", "grid-wrap", "constant", "grid-constant"]
Modes = Mode | Sequence[Mode]

# Where a result goes, or which dtype it has.
Output = NDArray[Any] | type[Any] | np.dtype[Any] | str | None


class GaussianOptions(TypedDict, total=False):
    """What the composites of ``gaussfilt.ndimage`` hand on to its Gaussian filter."""

    truncate: Real
    radius: Integers | None
    tolerance: float | None
    threads: int | None
