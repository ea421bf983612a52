"""The known margins that weights were raked to: what they explain takes no variance."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

DEPENDENT = 1e-9  # a direction this weak beside the strongest is one that the margins' categories already span


class Margins(NamedTuple):
    """The known margins that weights were raked to, all of them crossed: what they explain takes no variance."""

    cell: np.ndarray  # of each respondent its combination of categories, numbers from 0
    fit: np.ndarray  # (cells, cells): from sums over the respondents of each cell to the value fitted in each

    @classmethod
    def of(cls, codes, weights) -> Margins:
        """Return the margins of respondents with their categories as numbers, shape (units, margins).

        Fitted are unweighted least squares on the dummies of all margins' categories, over those with a weight above
        0: with N the number of respondents of each cell, X its dummies, U the left singular vectors of √N X, the fit
        is √N⁻¹ UU' √N⁻¹.

        >>> role = np.array([[0], [0], [1]])  # the mean of each role: 1/2 and 1
        >>> (Margins.of(role, np.ones(3)).fit * 6).round(6).tolist()
        [[3.0, 0.0], [0.0, 6.0]]
        """
        codes = np.asarray(codes, dtype=np.int64)
        cell, found = np.zeros(len(codes), dtype=np.int64), np.zeros((1, 0), dtype=np.int64)
        for margin in codes.T:
            several = int(margin.max(initial=0)) + 1
            cell, pairs = pd.factorize(cell * several + margin, sort=True)
            found = np.column_stack([found[pairs // several], pairs % several])
        dummies = np.column_stack([margin[:, None] == np.unique(margin) for margin in found.T])
        root = np.sqrt(np.bincount(cell, weights=np.asarray(weights) > 0, minlength=len(found)))
        left, strength, _ = np.linalg.svd(root[:, None] * dummies, full_matrices=False)
        left = left[:, strength > DEPENDENT * strength.max(initial=0)]
        left = np.divide(left, root[:, None], out=np.zeros_like(left), where=root[:, None] > 0)
        return cls(cell, left @ left.T)

    def residuals(self, values):
        """Return what the margins do not explain of values, shape (units, estimates); 0 for a weight of 0."""
        return values - (self.fit @ sums_by(values, self.cell, len(self.fit)))[self.cell]


def sums_by(values, codes, groups):
    """Return the sums of the rows of values, shape (rows, columns), that share a code: shape (groups, columns).

    >>> sums_by(np.array([[1], [2], [4]]), np.array([0, 1, 0]), 2).tolist()
    [[5.0], [2.0]]
    """
    if len(codes) == groups and np.array_equal(codes, np.arange(groups)):
        return np.asarray(values, dtype=float)
    return np.column_stack(
        [np.bincount(codes, weights=values[:, column], minlength=groups) for column in range(values.shape[1])]
    )
