"""How often each interval holds the true share, by adding up the probability of every possible sample.

    .venv/bin/python bench/coverage.py > docs/coverage.md

Nothing is simulated: for each true share of a grid, the probabilities of all the samples whose interval holds it are
added up. A test builds the page again and compares it with the committed one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln
from scipy.stats import betabinom, binom, hypergeom, norm

from impact_report import design, difference, precision

NOMINAL = 0.95
GRID = np.arange(1, 100) / 100  # true shares, where the population has no end
SLACK = 1e-9  # a bound that is the true share holds it, whatever its last bits
NOT_OFFERED = " (not offered)"


class Samples(NamedTuple):
    """Every sample a design can give, and how likely each is: chances has shape (samples, true shares)."""

    chances: np.ndarray
    truths: np.ndarray


class Coverage(NamedTuple):
    """What one method gives over all true shares."""

    smallest: float
    at: float
    average: float
    below: float
    width: float


def coverage(low: np.ndarray, high: np.ndarray, samples: Samples) -> Coverage:
    """Return how often bounds, of shape (samples,), hold each true share, with the smallest, the average and the width.

    >>> two = Samples(np.array([[0.75, 0.5], [0.25, 0.5]]), np.array([0.125, 0.75]))
    >>> coverage(np.array([0.0, 0.25]), np.array([0.5, 1.0]), two)  # each sample holds one of the two shares
    Coverage(smallest=0.5, at=0.75, average=0.625, below=1.0, width=0.59375)
    """
    holds = (low[:, None] <= samples.truths + SLACK) & (samples.truths <= high[:, None] + SLACK)
    held = (samples.chances * holds).sum(axis=0)
    widths = (samples.chances * (high - low)[:, None]).sum(axis=0)
    least = int(np.argmin(np.round(held, 9)))
    below = (held < NOMINAL - SLACK).mean()
    return Coverage(*map(float, (held[least], samples.truths[least], held.mean(), below, widths.mean())))


# --- the designs ------------------------------------------------------------------------------------------------------


def of_many(base: int) -> Samples:
    """Return the counts 0 … base of a random sample from a population without end."""
    return Samples(binom.pmf(np.arange(base + 1)[:, None], base, GRID), GRID)


def of_population(base: int, population: int) -> Samples:
    """Return the counts 0 … base of a random sample from a known population, for each number that says yes there."""
    members = np.arange(population + 1)
    return Samples(hypergeom.pmf(np.arange(base + 1)[:, None], population, members, base), members / population)


def of_clusters(clusters: int, size: int, likeness: float) -> tuple[Samples, dict]:
    """Return all samples of equal clusters whose members are alike: a beta-binomial of the given correlation.

    A sample is how many clusters have 0, 1, … size members that say yes. Also returned are the answers, of shape
    (units, samples), and the cluster of each unit.
    """
    ways = np.array(list(compositions(clusters, size + 1)))
    log_ways = gammaln(clusters + 1) - gammaln(ways + 1).sum(axis=1)
    if likeness:
        spread = (1 - likeness) / likeness
        one = betabinom.logpmf(np.arange(size + 1)[:, None], size, GRID * spread, (1 - GRID) * spread)
    else:
        one = binom.logpmf(np.arange(size + 1)[:, None], size, GRID)
    chances = np.exp(log_ways[:, None] + ways @ one)
    yes = np.array([np.repeat(np.arange(size + 1), way) for way in ways])  # (samples, clusters)
    answers = (np.arange(size) < yes[:, :, None]).reshape(len(ways), -1).T.astype(float)
    return Samples(chances, GRID), {"answers": answers, "clusters": np.repeat(np.arange(clusters), size)}


def compositions(total: int, parts: int):
    """Yield every way to write a total as an ordered sum of whole numbers.

    >>> list(compositions(2, 2))
    [(0, 2), (1, 1), (2, 0)]
    """
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def of_two_weights(each: int, weights: tuple[float, float]) -> tuple[Samples, dict]:
    """Return all samples of two halves with different weights, from a population without end that is of one mind."""
    first, second = (grid.ravel() for grid in np.mgrid[: each + 1, : each + 1])
    chances = binom.pmf(first[:, None], each, GRID) * binom.pmf(second[:, None], each, GRID)
    place = np.arange(each)[:, None]
    answers = np.vstack([place < first, place < second]).astype(float)
    return Samples(chances, GRID), {"answers": answers, "weights": np.repeat(weights, each)}


def of_strata(taken: tuple[int, int], there: tuple[int, int]) -> tuple[Samples, dict]:
    """Return all samples of two strata of a known population, for every number that says yes in each of them."""
    first, second = (grid.ravel() for grid in np.mgrid[: taken[0] + 1, : taken[1] + 1])
    yes = [grid.ravel() for grid in np.mgrid[: there[0] + 1, : there[1] + 1]]
    chances = hypergeom.pmf(first[:, None], there[0], yes[0], taken[0])
    chances = chances * hypergeom.pmf(second[:, None], there[1], yes[1], taken[1])
    answers = np.vstack([np.arange(taken[0])[:, None] < first, np.arange(taken[1])[:, None] < second]).astype(float)
    given = {
        "answers": answers,
        "weights": np.repeat(np.divide(there, taken), taken),
        "strata": np.repeat([0, 1], taken),
        "population_units": np.repeat(there, taken),
    }
    return Samples(chances, (yes[0] + yes[1]) / sum(there)), given


# --- what each method gives -------------------------------------------------------------------------------------------


def wald(count, base: int, population: float = np.inf):
    """Return p ± z √(p(1 − p)/n · (N − n)/(N − 1)), which textbooks teach first; without width at none and all."""
    share = np.asarray(count) / base
    left = 1.0 if np.isinf(population) else (population - base) / (population - 1)
    half = norm.ppf(1 - (1 - NOMINAL) / 2) * np.sqrt(share * (1 - share) / base * left)
    return share - half, share + half


def of_counts(base: int, population: int | None = None) -> dict[str, tuple]:
    """Return the bounds of every count 0 … base by each method for counts, and by Wald's."""
    count = np.arange(base + 1)
    bounds = {"hypergeometric": precision.hypergeometric(count, base, population)} if population else {}
    bounds["wilson"] = precision.wilson(count, base)
    bounds["clopper-pearson"] = precision.clopper_pearson(count, base)
    bounds[("wald with the correction" if population else "wald") + NOT_OFFERED] = wald(
        count, base, population or np.inf
    )
    return bounds


def of_design(given: dict) -> dict[str, tuple]:
    """Return the bounds of every sample by each method for designs."""
    share, variance, degrees, base = design.linearised_variance(**given)
    names = [name for name in precision.METHODS if name not in precision.COUNT_METHODS]
    return {
        name: precision.interval(
            name, base=base, proportion=share, variance=variance, degrees_of_freedom=degrees, confidence=NOMINAL
        )
        for name in names
    }


def of_differences(first: int, second: int) -> Coverage:
    """Return how often Newcombe's interval holds the difference of two shares, over all pairs of a grid of shares."""
    shares = GRID[4::5]
    x1, x2 = (grid.ravel() for grid in np.mgrid[: first + 1, : second + 1])
    p1, p2 = (grid.ravel() for grid in np.meshgrid(shares, shares))
    chances = binom.pmf(x1[:, None], first, p1) * binom.pmf(x2[:, None], second, p2)
    _, low, high = difference.independent(x1, first, x2, second)
    return coverage(low, high, Samples(chances, p1 - p2))


# --- the page ---------------------------------------------------------------------------------------------------------

HEAD = ["method", "smallest", "at a share of", "average", "shares below 95 %", "average width"]
BASES = (5, 10, 23, 46, 100)
POPULATIONS = ((10, 30), (23, 30), (46, 60), (100, 300))
CLUSTERS = ((10, 4, 0.0), (10, 4, 0.1), (10, 4, 0.3), (20, 3, 0.1))
PAIRS = ((23, 46), (46, 46), (10, 30))

INTRODUCTION = """\
# How often each interval holds the true share

Made by `bench/coverage.py`; do not edit. A test makes it again and compares.

A 95 % interval is meant to hold the true share in 95 of 100 surveys. How often it really does depends on the true
share and on the base. Here it is **computed, not simulated**: for each true share, the probabilities of all the samples
whose interval holds it are added up. "Smallest" is that of the worst true share of the grid (which one stands beside
it), "average" the mean over the grid, "shares below 95 %" the part of the grid for which the promise is not kept,
"average width" the mean of the expected width. A method can err on either side: an interval that is too often right is
wider than it need be.

What it shows, in short:

- The **hypergeometric** interval keeps its promise for every population, and is the narrowest that does: by far, where
  most of the population answered. A test goes through every population up to 60, every base and every number that says
  yes.
- **Clopper–Pearson** keeps it as well, at the price of width. **Wilson** keeps it on average and not for each share, so
  it is not called exact.
- **Wald**, p ± 1.96 √(p(1−p)/n), is what most spreadsheets compute. It is not offered: it fails at small and large
  shares, and has no width at none and all.
- With weights, strata and clusters nothing is exact. **Korn–Graubard** is the default because it comes nearest to
  keeping the promise; where the people of a cluster are much alike and nearly all or none say yes, none of these
  intervals does.
- In the strata of a small known population the other design methods fall far below: where all answers of one stratum
  happen to be the same, its part of the variance is estimated as none.
- **Newcombe's** interval for a difference keeps the promise on average, as Wilson's does, and is never far from it.
"""


def line(name: str, found: Coverage) -> str:
    """Return one row of a table."""
    at = f"{found.at:.3f}" if round(found.smallest, 3) < 1 else ""
    return f"| {name} | {found.smallest:.3f} | {at} | {found.average:.3f} | {found.below:.0%} | {found.width:.3f} |"


def table(samples: Samples, bounds: dict[str, tuple]) -> str:
    """Return a table of all methods as Markdown."""
    head = f"| {' | '.join(HEAD)} |\n|---|{'---:|' * (len(HEAD) - 1)}\n"
    return head + "\n".join(line(name, coverage(*ends, samples)) for name, ends in bounds.items()) + "\n"


def page() -> str:
    """Return the whole page as Markdown."""
    parts = [INTRODUCTION, "## A random sample from many\n\nTrue shares 0.01, 0.02 … 0.99; binomial.\n"]
    for base in BASES:
        parts.append(f"### {base} answers\n\n" + table(of_many(base), of_counts(base)))
    parts.append(
        "## A known population\n\nEvery number 0 … N that may say yes; hypergeometric. Wilson and Clopper–Pearson do "
        "not know N.\nWald's interval with the finite population correction falls to n/N: where one member says yes, "
        "the sample either\nfinds them, or finds none and leaves no width.\n"
    )
    for base, population in POPULATIONS:
        parts.append(
            f"### {base} of {population}\n\n" + table(of_population(base, population), of_counts(base, population))
        )
    parts.append(
        "## Clusters\n\nEqual clusters from many; the members' answers are correlated (beta-binomial), and the "
        "clusters are the\nprimary units.\n"
    )
    for clusters, size, likeness in CLUSTERS:
        samples, given = of_clusters(clusters, size, likeness)
        title = f"### {clusters} clusters of {size}, correlation {likeness:g}"
        parts.append(f"{title}\n\n" + table(samples, of_design(given)))
    parts.append(
        "## Weights\n\nTwo halves of the same mind, with weights 1 and 4 (Kish's design effect 1.36); a random sample "
        "from many.\n"
    )
    for each in (12, 30):
        samples, given = of_two_weights(each, (1.0, 4.0))
        parts.append(f"### {2 * each} answers\n\n" + table(samples, of_design(given)))
    samples, given = of_strata((10, 12), (16, 40))
    parts.append(
        "## Strata of a known population\n\nTen of 16 and twelve of 40, weighted by 16/10 and 40/12, with the finite "
        "population correction; every number that\nmay say yes in each stratum.\n\n" + table(samples, of_design(given))
    )
    parts.append(
        "## The difference of two shares\n\nNewcombe's interval (method 10) for two independent groups; shares 0.05, "
        '0.10 … 0.95 in each. "At" is the true\ndifference.\n'
    )
    rows = [line(f"{first} and {second} answers", of_differences(first, second)) for first, second in PAIRS]
    head = ["groups", *HEAD[1:2], "at a difference of", *HEAD[3:]]
    parts.append(f"| {' | '.join(head)} |\n|---|{'---:|' * (len(head) - 1)}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(page(), end="")
