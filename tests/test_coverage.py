"""How often intervals hold the true share, added up over every possible sample; and that docs/coverage.md says so."""

from __future__ import annotations

import doctest
import importlib.util
import re
import sys
from math import comb
from pathlib import Path

import numpy as np
import pytest

from impact_report.precision import hypergeometric

ROOT = Path(__file__).parents[1]
LARGEST = 60


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("coverage_of_intervals", ROOT / "bench" / "coverage.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(bench):
    return bench.page()


def rows_of(page: str) -> list[tuple[str, str, float, float]]:
    """Return heading, method, smallest and average coverage of each row of the page's tables."""
    rows, heading = [], ""
    for line in page.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif found := re.match(r"\| ([a-z][^|]*) \| (\d\.\d+) \| [^|]*\| (\d\.\d+) \|", line):
            rows.append((heading, found[1], float(found[2]), float(found[3])))
    return rows


def test_the_committed_page_is_what_the_script_prints(page):
    committed = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert committed == page, "run: .venv/bin/python bench/coverage.py > docs/coverage.md"


def test_the_script_s_examples(bench):
    found = doctest.testmod(bench)
    assert found.attempted > 0 and found.failed == 0


def test_the_page_says_of_its_tables_what_they_show(page):
    rows = rows_of(page)
    exact = [smallest for _, method, smallest, _ in rows if method in ("hypergeometric", "clopper-pearson")]
    assert len(exact) == 13 and min(exact) >= 0.95
    wilson = [(smallest, average) for _, method, smallest, average in rows if method == "wilson"]
    assert min(smallest for smallest, _ in wilson) < 0.95 and min(average for _, average in wilson) >= 0.949
    wald = [average for _, method, _, average in rows if method.startswith("wald")]
    assert len(wald) == 9 and max(wald) < 0.95
    for heading in {heading for heading, method, _, _ in rows if method == "mean"}:
        smallest = {method: least for where, method, least, _ in rows if where == heading}
        assert max(smallest, key=smallest.get) == "korn-graubard", heading


def test_a_coverage_by_hand(bench):
    """Two answers, a true share of one half: no yes, one or two with chances 1/4, 1/2, 1/4. Wald has no width at none
    and at all, and at one of two reaches from −0.19 to 1.19: it holds one half in half of the surveys."""
    samples = bench.Samples(np.array([[0.25], [0.5], [0.25]]), np.array([0.5]))
    assert bench.coverage(*bench.wald(np.arange(3), 2), samples).smallest == 0.5


@pytest.mark.parametrize(("base", "population"), [(10, 30), (23, 30), (46, 60), (100, 300)])
def test_wald_with_the_correction_falls_to_the_part_that_answered(bench, base, population):
    """One member says yes. With the chance n/N the sample finds them; else it is 0 of n, with no width."""
    found = bench.coverage(*bench.wald(np.arange(base + 1), base, population), bench.of_population(base, population))
    assert found.smallest <= base / population + 1e-9


def test_the_samples_of_each_design_are_all_there_are(bench):
    for samples, _ in (
        bench.of_clusters(10, 4, 0.0),
        bench.of_clusters(10, 4, 0.3),
        bench.of_two_weights(12, (1.0, 4.0)),
        bench.of_strata((10, 12), (16, 40)),
    ):
        assert samples.chances.sum(axis=0) == pytest.approx(1)


def test_clusters_of_independent_members_are_a_random_sample(bench):
    samples, given = bench.of_clusters(10, 4, 0.0)
    yes = given["answers"].sum(axis=0)
    by_count = np.array([samples.chances[yes == count].sum(axis=0) for count in range(41)])
    assert by_count == pytest.approx(bench.of_many(40).chances)


BINOMIAL = np.array([[comb(n, k) for k in range(LARGEST + 1)] for n in range(LARGEST + 1)], dtype=float)


@pytest.mark.parametrize("population", range(2, LARGEST + 1))
def test_the_hypergeometric_interval_covers_in_every_population(population):
    """For each base n and each number M that says yes: Σ over x of C(M, x) C(N−M, n−x) / C(N, n) where x's interval
    holds M; and each of the two sides misses with at most half of the error."""
    base, count, members = np.ogrid[1:population, 0:population, 0 : population + 1]
    possible = (count <= base) & (base - count <= population - members)
    with np.errstate(invalid="ignore"):
        ways = BINOMIAL[members, count] * BINOMIAL[population - members, np.maximum(base - count, 0)]
    chance = np.where(possible, ways / BINOMIAL[population, base], 0.0)
    assert chance.sum(axis=1) == pytest.approx(1)
    low, high = (np.rint(population * bound) for bound in hypergeometric(np.minimum(count, base), base, population))
    below, above = ((chance * missed).sum(axis=1) for missed in (members < low, members > high))
    assert below.max() <= 0.025 + 1e-12 and above.max() <= 0.025 + 1e-12
    assert (1 - below - above).min() >= 0.95 - 1e-12


def test_no_interval_is_a_single_number_while_some_did_not_answer():
    """39 of 40 answered, none says yes: of one who does, the sample would have missed the one with the chance 1/40 =
    2.5 %, which is not above a/2. The definition leaves 0 alone; 1 of 40 is taken in.
    """
    assert hypergeometric(0, 39, 40) == pytest.approx((0, 1 / 40))
    assert hypergeometric(39, 39, 40) == pytest.approx((39 / 40, 1))
    assert hypergeometric(1, 79, 80) == pytest.approx((1 / 80, 2 / 80))
    for population in (40, 60, 80, 300):
        base = np.arange(max(1, population - 9), population)[:, None]
        low, high = hypergeometric(np.minimum(np.arange(population), base), base, population)
        assert (high - low > 0.5 / population).all()
        assert (low >= 0).all() and (high <= 1).all()
