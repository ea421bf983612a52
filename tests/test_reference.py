"""Designs of invented answers, computed by this project, by R's package survey, and by svy.

`reference/designs.R` makes 157 answers in 18 primary units of four strata with a pseudo-random generator that is exact
in R and in Python, and writes what R 4.2.2 with survey 4.1.1 says of them under six designs: with and without weights,
strata, primary units and finite population corrections, for everyone and for three subgroups (the third is met in two
primary units of one stratum only: one degree of freedom). What R says of its own data (California's schools) is in
test_design.py and test_precision.py. Where the two differ, the test says by how much and why.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import polars
import pytest
import svy
from scipy.special import stdtr, stdtrit
from study import write_study

from impact_report import difference, measures, precision
from impact_report.design import linearised_variance
from impact_report.weighting import rake

REFERENCE = Path(__file__).parent / "reference"
TEN_ROUNDS = 1e-4  # R takes off what margins explain in ten rounds, which may leave a trace of it; see designs.R
EXACT = 1e-9  # R writes fifteen digits; sums in another order cost a few of them

UNITS_TAKEN = {"a": 5, "b": 4, "c": 3, "d": 6}
UNITS_THERE = {"a": 40, "b": 9, "c": 3, "d": 60}
PEOPLE_THERE = {"a": 900, "b": 150, "c": 60, "d": 2400}
COLUMNS = ["stratum", "unit", "weight", "group", "sex", "often", "rarely", "mostly"]


def invented_people() -> pd.DataFrame:
    """Return the answers of designs.R, drawn in the same order; one row a person."""
    state = 2026

    def draw():
        nonlocal state
        state = 16807 * state % (2**31 - 1)
        return state / (2**31 - 1)

    rows = []
    for stratum, taken in UNITS_TAKEN.items():
        for unit in range(1, taken + 1):
            mood = draw()
            for _ in range(4 + int(12 * draw())):
                weight = (1 + int(12 * draw())) / 4
                often, rarely = draw() < 0.2 + 0.6 * mood, draw() < 0.06
                answered, mostly = draw() < 0.9, draw() < 0.75 + 0.2 * mood
                group = 1 + int(2 * draw())
                if stratum == "b" and unit < 3:
                    group = 3
                sex = "f" if draw() < 0.4 else "m"
                answers = [float(often), float(rarely), float(mostly) if answered else np.nan]
                rows.append([stratum, f"{stratum}{unit}", weight, group, sex, *answers])
    return pd.DataFrame(rows, columns=COLUMNS)


PEOPLE = invented_people()
UNITS = PEOPLE["stratum"].map(UNITS_THERE).to_numpy()
WEIGHTED = {"weights": PEOPLE["weight"]}
CLUSTERED = {"clusters": PEOPLE["unit"]}
STRATIFIED = {"strata": PEOPLE["stratum"]}
DESIGNS = {
    "full": {**WEIGHTED, **STRATIFIED, **CLUSTERED, "population_units": UNITS},
    "unknown_units": {**WEIGHTED, **STRATIFIED, **CLUSTERED},
    "clusters": {**WEIGHTED, **CLUSTERED},
    "strata": {**WEIGHTED, **STRATIFIED, "population_units": PEOPLE["stratum"].map(PEOPLE_THERE)},
    "weights": WEIGHTED,
    "equal": {**CLUSTERED, "population_units": 200},
}


def said_by_r(table: str) -> list:
    return list(pd.read_csv(REFERENCE / f"{table}.csv").itertuples(index=False))


def named(row) -> str:
    return "-".join(str(part) for part in row[:3] if isinstance(part, int | str))


def of(row):
    """Return this project's estimate for a row of R's table."""
    inside = np.ones(len(PEOPLE), dtype=bool) if row.group == 0 else (PEOPLE["group"] == row.group).to_numpy()
    return linearised_variance(PEOPLE[row.answer].to_numpy(), inside=inside, **DESIGNS[row.design])


# --- R: proportions, errors, degrees of freedom, intervals ------------------------------------------------------------

# method of R: (ours, how near). R's asin and mean may leave 0 … 1, hence cut=False.
LIKE_R = {
    "xlogit": precision.logit_interval,
    "beta": precision.beta_interval,
    "asin": lambda *estimate: precision.asin_interval(*estimate, cut=False),
    "mean": lambda *estimate: precision.mean_interval(*estimate, cut=False),
}
# R reads the likelihood interval off a spline through about a dozen points; ours solves the equation (test_precision
# rebuilds R's interpolation). The spline is worst where t is largest: with one degree of freedom t is 12.7.
SPLINE, SPLINE_AT_ONE_DEGREE = 8e-5, 2e-4


def test_the_answers_are_those_that_r_drew():
    assert len(PEOPLE) == 157
    assert PEOPLE.groupby("group").size().tolist() == [65, 72, 20]
    assert PEOPLE["mostly"].notna().sum() == 148


@pytest.mark.parametrize("row", said_by_r("designs"), ids=named)
def test_every_design_and_subgroup_as_in_r(row):
    estimate = of(row)
    share, variance, degrees, base = estimate
    assert (degrees, base) == (row.df, row.n)
    assert share == pytest.approx(row.est, abs=EXACT)
    assert np.sqrt(variance) == pytest.approx(row.se, abs=EXACT)
    assert variance / (share * (1 - share) / (base - 1)) == pytest.approx(row.deff, rel=EXACT)
    for method, ours in LIKE_R.items():
        expected = getattr(row, f"{method}_low"), getattr(row, f"{method}_high")
        assert ours(share, variance, base, degrees) == pytest.approx(expected, abs=EXACT), method


@pytest.mark.parametrize("row", said_by_r("designs"), ids=named)
def test_the_likelihood_interval_differs_from_r_by_a_spline(row):
    share, variance, degrees, base = of(row)
    found = precision.likelihood_interval(share, variance, base, degrees)
    assert 0 < found[0] < share < found[1] < 1
    # R has no bound where its profile runs out of the points it computed: with one degree of freedom, not elsewhere
    for ours, of_r in zip(found, (row.likelihood_low, row.likelihood_high), strict=True):
        if np.isnan(of_r):
            assert degrees == 1
        else:
            assert ours == pytest.approx(of_r, abs=SPLINE_AT_ONE_DEGREE if degrees == 1 else SPLINE)


@pytest.mark.parametrize("row", said_by_r("designs"), ids=named)
def test_korn_graubard_is_r_s_beta_with_no_more_than_the_answers_given(row):
    share, variance, degrees, base = of(row)
    found = precision.korn_graubard(share, variance, base, degrees)
    effective = share * (1 - share) / variance * (stdtrit(base - 1, 0.975) / stdtrit(degrees, 0.975)) ** 2
    if effective <= base:
        assert found == pytest.approx((row.beta_low, row.beta_high), abs=EXACT)
    else:  # as precise as more answers than there were: Clopper and Pearson's interval of the answers there were
        assert found[1] - found[0] > row.beta_high - row.beta_low


# --- R: raking and differences ----------------------------------------------------------------------------------------

TARGETS = {
    "group": {1: 1600, 2: 1500, 3: 410},
    "sex": {"f": 1490, "m": 2020},
    "stratum": {"a": 900, "b": 700, "c": 250, "d": 1660},
}
MARGINS = {"two": ["group", "sex"], "three": ["group", "sex", "stratum"]}
PLACE = np.arange(1, len(PEOPLE) + 1)
SIZE = np.where(PLACE % 7 == 0, np.nan, PLACE * 37 % 23)
OTHER = 1.0 + PLACE * 11 % 5
DOMAINS = {
    "all": PLACE > 0,
    "even": PLACE % 2 == 0,
    "odd": PLACE % 2 == 1,
    "g1": PEOPLE["group"].to_numpy() == 1,
    "g3": PEOPLE["group"].to_numpy() == 3,
}


def raked(row) -> dict:
    """Return the raked weights and the margins of a row of R's table."""
    weights = rake(DESIGNS[row.design].get("weights", np.ones(len(PEOPLE))), margins_of(row))
    codes = [pd.factorize(PEOPLE[name])[0] for name in MARGINS[row.margins]]
    return {**DESIGNS[row.design], "weights": weights, "margins": np.column_stack(codes)}


def margins_of(row) -> dict:
    return {name: (PEOPLE[name], TARGETS[name]) for name in MARGINS[row.margins]}


@pytest.mark.parametrize("row", said_by_r("raking"), ids=lambda row: "-".join(row[:4]))
def test_raked_weights_as_in_r(row):
    design = raked(row)
    weights, inside = design["weights"], DOMAINS[row.domain]
    assert (weights.min(), weights.max(), weights[0]) == pytest.approx((row.least, row.most, row.first), rel=1e-7)
    if row.answer in ("size", "ratio"):
        below = OTHER if row.answer == "ratio" else np.where(np.isnan(SIZE), np.nan, 1.0)
        found = measures.ratio(np.where(inside, SIZE, np.nan), below, **design)
        value, error = found.value, found.standard_error
        assert (found.high - found.low) / 2 == pytest.approx(stdtrit(row.df, 0.975) * row.se_settled, rel=EXACT)
    else:
        value, variance, degrees, base = linearised_variance(PEOPLE[row.answer].to_numpy(), inside=inside, **design)
        error = np.sqrt(variance)
        assert (degrees, base) == (row.df, row.n)
    assert value == pytest.approx(row.est, rel=EXACT)
    assert error == pytest.approx(row.se_settled, rel=EXACT)
    assert error == pytest.approx(row.se, rel=EXACT if row.margins == "two" else TEN_ROUNDS)


def test_known_margins_matter():
    """Of what a margin is made of there is nothing left to guess, and the rest has other errors."""
    row = next(one for one in said_by_r("raking") if (one.design, one.margins) == ("weights", "two"))
    design = raked(row)
    of_sex = linearised_variance((PEOPLE["sex"] == "f").to_numpy(float), **design)
    assert of_sex.proportion == pytest.approx(1490 / 3510)
    assert of_sex.variance == pytest.approx(0, abs=1e-20)
    as_given = linearised_variance(PEOPLE["often"], weights=design["weights"])
    assert np.sqrt(as_given.variance) / row.se == pytest.approx(1.016, abs=0.001)


@pytest.mark.parametrize("row", said_by_r("differences"), ids=named)
def test_two_independent_samples_as_in_r(row):
    """The same difference and error. R takes one degree of freedom fewer than both samples have (7 and 7), we take
    Satterthwaite's, which lie between those of one sample and those of both."""
    late = PEOPLE["stratum"].isin(["c", "d"]).to_numpy()
    samples = []
    for inside in (late, ~late):
        design = {name: np.asarray(column)[inside] for name, column in DESIGNS["full"].items()}
        samples.append(linearised_variance(PEOPLE.loc[inside, row.answer].to_numpy(), **design))
    (p1, v1, df1, _), (p2, v2, df2, _) = samples
    assert p1 - p2 == pytest.approx(row.difference, abs=EXACT)
    assert np.sqrt(v1 + v2) == pytest.approx(row.se, abs=EXACT)
    fewest, of_r, most = 2 * stdtr([7, 13, 14], -abs(p1 - p2) / np.sqrt(v1 + v2))
    assert (df1, df2, row.df) == (7, 7, 13)
    assert of_r == pytest.approx(row.p, abs=EXACT)
    assert most <= difference.design_p(p1, v1, df1, p2, v2, df2) <= fewest


# --- R: from the raw export to the table of estimates -----------------------------------------------------------------

CODEBOOK = """\
survey: {id: invented, title: Invented people, subject: Nothing., respondents: people}
items:
  stratum: {question: Stratum, kind: single, columns: [stratum], codes: {a: a, b: b, c: c, d: d}}
  unit: {question: Unit, kind: id, personal: true, columns: [unit]}
  weight: {question: Weight, kind: quantity, columns: [weight], minimum: 0}
  group: {question: Group, kind: single, columns: [group], codes: {g1: "1", g2: "2", g3: "3"}}
  sex: {question: Sex, kind: single, columns: [sex], codes: {f: f, m: m}}
  often: {question: "Often?", kind: single, columns: [often], codes: {yes: "1", no: "0"}}
  rarely: {question: "Rarely?", kind: single, columns: [rarely], codes: {yes: "1", no: "0"}}
  mostly: {question: "Mostly?", kind: single, columns: [mostly], codes: {yes: "1", no: "0"}}
sections:
  - id: all
    title: All
    reads: "say {statement}"
    indicators:
      - {id: often, statement: often, item: often, counts: yes}
      - {id: rarely, statement: rarely, item: rarely, counts: yes}
      - {id: mostly, statement: mostly, item: mostly, counts: yes}
groups: [group]
"""
WAVE = """\
title: Invented
fielded: {start: 2024-03-01, end: 2024-03-31}
reference_date: {date: 2024-03, source: the test}
rows: {}
respondents: organisations
minimum_base: 5
smallest_count: off
population: {universe: invented people}
method: {strategy: survey, sponsor: nobody, recruitment: none, mode: none, limitations: all}
"""
UNITS_OF = "units: {a: 40, b: 9, c: 3, d: 60}"
AS_IN_WAVE_YML = {
    "full": f"weights: weight\ndesign: {{strata: stratum, clusters: unit, {UNITS_OF}}}\n",
    "unknown_units": "weights: weight\ndesign: {strata: stratum, clusters: unit}\n",
    "clusters": "weights: weight\ndesign: {clusters: unit}\n",
    "strata": "weights: weight\ndesign: {strata: stratum, units: {a: 900, b: 150, c: 60, d: 2400}}\n",
    "weights": "weights: weight\n",
    "equal": "design: {clusters: unit, units: 200}\n",
}


def estimates_of(folder: Path, more: str) -> pd.DataFrame:
    """Return the table of estimates that the invented people give as a study, with more lines in wave.yml."""
    people = PEOPLE.astype({"often": int, "rarely": int}).astype({"mostly": "Int64"})
    export = people.to_csv(index=False)
    results = write_study(folder / "study", codebook=CODEBOOK, wave=WAVE + more, export=export).results()
    return results.estimates.set_index(["indicator", "group"])


@pytest.mark.parametrize("method", ["beta", "logit"])
@pytest.mark.parametrize("design", AS_IN_WAVE_YML)
def test_the_table_of_estimates_as_in_r(design, method, tmp_path):
    found = estimates_of(tmp_path, AS_IN_WAVE_YML[design] + f"interval: {{method: {method}}}\n")
    rows = [row for row in said_by_r("designs") if row.design == design]
    assert len(rows) == 12
    for row in rows:
        one = found.loc[(row.answer, f"g{row.group}" if row.group else "all")]
        assert (one["base"], one["degrees_of_freedom"]) == (row.n, row.df)
        assert (one["proportion"], one["design_effect"]) == pytest.approx((row.est, row.deff), rel=EXACT)
        of_r = "xlogit" if method == "logit" else method
        expected = getattr(row, f"{of_r}_low"), getattr(row, f"{of_r}_high")
        assert (one["low"], one["high"]) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("margins", ["two", "three"])
@pytest.mark.parametrize("design", AS_IN_WAVE_YML)
def test_raking_in_the_wave_as_in_r(design, margins, tmp_path):
    of_group, of_sex = "group: {g1: 1600, g2: 1500, g3: 410}", "sex: {f: 1490, m: 2020}"
    of_stratum = ", stratum: {a: 900, b: 700, c: 250, d: 1660}" if margins == "three" else ""
    more = f"rake: {{{of_group}, {of_sex}{of_stratum}}}\n"
    found = estimates_of(tmp_path, AS_IN_WAVE_YML[design] + more)
    rows = [row for row in said_by_r("raking") if (row.design, row.margins) == (design, margins)]
    rows = [row for row in rows if row.domain in ("all", "g1", "g3") and row.answer in ("often", "rarely", "mostly")]
    assert len(rows) == 9
    for row in rows:
        one = found.loc[(row.answer, row.domain)]
        assert (one["base"], one["degrees_of_freedom"]) == (row.n, row.df)
        effect = row.deff * (row.se_settled / row.se) ** 2
        assert (one["proportion"], one["design_effect"]) == pytest.approx((row.est, effect), rel=EXACT)
    assert found.loc[("often", "all"), "weighted_base"] == pytest.approx(3510)


# --- svy --------------------------------------------------------------------------------------------------------------

# Not compared: its Wilson (the correction for degrees of freedom goes in twice), and 0 and 100 % (nan there).
SVY_COLUMNS = {
    "full": {"stratum": "stratum", "psu": "unit", "wgt": "weight", "pop_size": "units_there"},
    "unknown_units": {"stratum": "stratum", "psu": "unit", "wgt": "weight"},
    "clusters": {"psu": "unit", "wgt": "weight"},
    "strata": {"stratum": "stratum", "wgt": "weight", "pop_size": "people_there"},
    "weights": {"wgt": "weight"},
    "equal": {"psu": "unit", "pop_size": "two_hundred"},
}
LIKE_SVY = {
    "logit": precision.logit_interval,
    "beta": precision.beta_interval,
    "korn-graubard": precision.korn_graubard,
}


@pytest.mark.parametrize("answer", ["often", "rarely"])
@pytest.mark.parametrize("design", SVY_COLUMNS)
def test_svy_says_the_same(design, answer):
    people = PEOPLE.drop(columns="mostly").assign(
        units_there=UNITS, people_there=PEOPLE["stratum"].map(PEOPLE_THERE), two_hundred=200
    )
    sample = svy.Sample(polars.from_dict(people.to_dict("list")), svy.Design(**SVY_COLUMNS[design]))
    share, variance, degrees, base = linearised_variance(PEOPLE[answer].to_numpy(), **DESIGNS[design])
    for method, ours in LIKE_SVY.items():
        (said,) = [one for one in sample.estimation.prop(answer, ci_method=method).estimates if one.y_level == 1]
        assert (said.est, said.se) == pytest.approx((share, np.sqrt(variance)), abs=EXACT)
        assert (said.df, said.n) == (degrees, base)
        assert ours(share, variance, base, degrees) == pytest.approx((said.lci, said.uci), abs=1e-8), method
