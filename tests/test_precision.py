"""Intervals and design variances against published values, R's survey package and exact enumeration."""

from itertools import pairwise

import numpy as np
import pytest
from r_survey import R_CASES
from scipy.special import expit, logit, rel_entr
from scipy.stats import f, hypergeom, norm, t

from impact_report.design import design_effective_base
from impact_report.errors import EstimationError
from impact_report.precision import (
    COUNT_METHODS,
    METHODS,
    asin_interval,
    beta_interval,
    clopper_pearson,
    default_method,
    hypergeometric,
    interval,
    korn_graubard,
    likelihood_interval,
    logit_interval,
    mean_interval,
    why_no_interval,
    wilson,
    worst_case_bounds,
)

# --- unweighted: values from the literature ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (12, 30, 0.245906, 0.576796),
        (0, 30, 0, 0.113513),
        (23, 23, 0.856883, 1),
        (18, 23, 0.580965, 0.903360),
        (40, 46, 0.743341, 0.938822),
    ],
)
def test_wilson(count, base, low, high):
    assert wilson(count, base) == pytest.approx((low, high), abs=5e-7)


@pytest.mark.parametrize(
    ("count", "base", "low", "high"),
    [
        (12, 30, 0.226558, 0.593965),
        (0, 30, 0, 0.115703),
        (18, 23, 0.562969, 0.925397),
        (1, 23, 0.001100, 0.219487),
    ],
)
def test_clopper_pearson(count, base, low, high):
    assert clopper_pearson(count, base) == pytest.approx((low, high), abs=5e-7)


@pytest.mark.parametrize(
    ("count", "base", "population", "low", "high"),
    [
        (12, 30, 45, 14, 23),  # .3111 .5111
        (18, 23, 30, 20, 25),  # .6667 .8333
        (40, 46, 60, 49, 54),  # .8167 .9000
        (0, 23, 30, 0, 2),
        (23, 23, 30, 28, 30),
        (45, 100, 300, 111, 160),
    ],
)
def test_hypergeometric(count, base, population, low, high):
    assert hypergeometric(count, base, population) == pytest.approx((low / population, high / population))


def test_mean_width_at_23_of_30():
    """The expected width, on average over every population of 30 in which some say yes and some say no."""
    count = np.arange(24)
    probability = hypergeom.pmf(count[:, None], 30, np.arange(1, 30), 23)  # (count, members who say yes)

    def mean_width(bounds):
        return (probability * (bounds[1] - bounds[0])[:, None]).sum(axis=0).mean()

    assert mean_width(hypergeometric(count, 23, 30)) == pytest.approx(0.156, abs=5e-4)
    assert mean_width(wilson(count, 23)) == pytest.approx(0.317, abs=5e-4)
    assert mean_width(clopper_pearson(count, 23)) == pytest.approx(0.355, abs=5e-4)


def test_hypergeometric_is_its_definition_and_covers_for_every_population_up_to_30():
    """For each N, n and M: the interval by search over all M, and the probability that it holds M/N."""
    for population in range(2, 31):
        members = np.arange(population + 1)
        for base in range(1, population):
            count = np.arange(base + 1)
            low, high = (bound * population for bound in hypergeometric(count, base, population))
            probability = hypergeom.pmf(count[:, None], population, members, base)  # (count, members)
            at_most = probability.cumsum(axis=0)
            at_least = probability[::-1].cumsum(axis=0)[::-1]
            expected_low = (at_least > 0.025 + 1e-12).argmax(axis=1)
            expected_high = population - (at_most > 0.025 + 1e-12)[:, ::-1].argmax(axis=1)
            assert np.rint(low).tolist() == expected_low.tolist(), (population, base)
            assert np.rint(high).tolist() == expected_high.tolist(), (population, base)
            holds = (members >= expected_low[:, None]) & (members <= expected_high[:, None])
            assert (probability * holds).sum(axis=0).min() >= 0.95 - 1e-9, (population, base)


def test_large_populations_are_quick_and_near_clopper_pearson():
    exact = hypergeometric(np.arange(0, 1001, 100), 1000, 10**7)
    binomial = clopper_pearson(np.arange(0, 1001, 100), 1000)
    assert np.abs(np.array(exact) - np.array(binomial)).max() < 1e-5


def test_worst_case_bounds():
    assert worst_case_bounds(18, 23, 30) == pytest.approx((0.6, 25 / 30))
    assert worst_case_bounds(18, 30, 30) == pytest.approx((0.6, 0.6))


def test_the_hypergeometric_interval_lies_inside_the_worst_case_bounds():
    for population in (12, 30, 60):
        for base in range(1, population):
            count = np.arange(base + 1)
            low, high = hypergeometric(count, base, population)
            least, most = worst_case_bounds(count, base, population)
            assert (low >= least - 1e-12).all()
            assert (high <= most + 1e-12).all()


def test_where_there_is_no_interval_and_why():
    for bounds in (wilson(0, 0), clopper_pearson(0, 0), hypergeometric(0, 0, 30), worst_case_bounds(0, 0, 30)):
        assert np.isnan(bounds).all()
    assert np.isnan(hypergeometric(18, 30, 30)).all()
    assert np.isnan(hypergeometric(0, 0, 0)).all()
    assert why_no_interval(30, 30) == "no interval: all N answered"
    assert why_no_interval(0) == "not estimable: nobody answered"
    assert why_no_interval(0, 0) == "not estimable: nobody answered"
    assert why_no_interval(23) == ""


# --- properties that hold for each interval of a count -------------------------------------------------------------


def of_count(method, count, base, confidence=0.95):
    population = 2 * base + 5 if method == "hypergeometric" else None
    return interval(method, count, base, population=population, confidence=confidence)


@pytest.mark.parametrize("method", COUNT_METHODS)
def test_bounds_hold_the_share_and_stay_inside_0_and_1(method):
    for base in range(1, 61):
        count = np.arange(base + 1)
        low, high = of_count(method, count, base)
        assert (low >= 0).all() and (high <= 1).all()
        share = count / base
        if method == "hypergeometric":  # the population has only so many shares
            assert (low <= share + 1 / (2 * base + 5)).all() and (high >= share - 1 / (2 * base + 5)).all()
        else:
            assert (low <= share).all() and (share <= high).all()
        assert (low < high).all(), "a real interval everywhere, at 0 and at all as well"
        assert low[0] == 0 and high[-1] == 1


@pytest.mark.parametrize("method", COUNT_METHODS)
def test_bounds_rise_with_the_count_and_mirror_its_complement(method):
    for base in (1, 2, 7, 30, 46):
        count = np.arange(base + 1)
        low, high = of_count(method, count, base)
        assert (np.diff(low) >= 0).all() and (np.diff(high) >= 0).all()
        assert low == pytest.approx(1 - high[::-1])


@pytest.mark.parametrize("method", COUNT_METHODS)
def test_more_confidence_never_narrows(method):
    for base in (1, 5, 23, 46):
        count = np.arange(base + 1)
        wider = [of_count(method, count, base, confidence) for confidence in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)]
        for (low, high), (lower, higher) in pairwise(wider):
            assert (lower <= low).all() and (high <= higher).all()


def test_shapes_broadcast_and_a_scalar_gives_scalars():
    low, high = wilson(np.arange(6).reshape(2, 3), [[10], [20]])
    assert low.shape == high.shape == (2, 3)
    assert low[1, 2] == wilson(5, 20)[0]
    assert np.ndim(wilson(3, 10)[0]) == 0
    low, _ = hypergeometric([1, 2], 10, [[20], [40]])
    assert low.shape == (2, 2)
    assert low[1, 0] == hypergeometric(1, 10, 40)[0]


# --- design-based intervals against R ------------------------------------------------------------------------------

# svyciprop on the cases of `r_survey`
R_INTERVALS = [
    ("clus1_awards", "logit", 0.634839191610184, 0.775816511445812),
    ("clus1_awards", "likelihood", 0.636352583271496, 0.777592284107711),
    ("clus1_awards", "asin", 0.637293732643802, 0.778353441266753),
    ("clus1_awards", "beta", 0.633436839061471, 0.7793385361783),
    ("clus1_awards", "mean", 0.639565304320704, 0.781199723001701),
    ("clus1_awards", "xlogit", 0.634839191610523, 0.775816511446147),
    ("clus1_ell0", "logit", 0.00230469129853851, 0.177747766513557),
    ("clus1_ell0", "likelihood", 0.000663921180934204, 0.107778408381593),
    ("clus1_ell0", "asin", 0.000307192708887876, 0.095576736366843),
    ("clus1_ell0", "beta", 0.000216146832743157, 0.137507763914981),
    ("clus1_ell0", "mean", -0.026662407957767, 0.0703782549523025),
    ("clus1_ell0", "xlogit", 0.0023046912841355, 0.1777477668227),
    ("strat_awards", "logit", 0.568721098868047, 0.703675779368256),
    ("strat_awards", "likelihood", 0.569395984603679, 0.704785901384176),
    ("strat_awards", "asin", 0.569926322567724, 0.705177805715608),
    ("strat_awards", "beta", 0.567218701479749, 0.706354783014459),
    ("strat_awards", "mean", 0.571084874530262, 0.706787253570895),
    ("strat_awards", "xlogit", 0.568721098868047, 0.703675779368256),
    ("clus2_awards", "logit", 0.504559440166465, 0.756061923808519),
    ("clus2_awards", "likelihood", 0.506738127561243, 0.759853015840878),
    ("clus2_awards", "asin", 0.508174501006879, 0.761609342179386),
    ("clus2_awards", "beta", 0.499023054795223, 0.765023068821371),
    ("clus2_awards", "mean", 0.511615197785748, 0.768089599262222),
    ("clus2_awards", "xlogit", 0.504559440167244, 0.756061923809497),
    ("srs12of30_N45", "logit", 0.298793137027602, 0.510528753296924),
    ("srs12of30_N45", "likelihood", 0.295326968220559, 0.511203864445105),
    ("srs12of30_N45", "asin", 0.295832394318624, 0.508956377365947),
    ("srs12of30_N45", "beta", 0.296391286557648, 0.510618393599445),
    ("srs12of30_N45", "mean", 0.292579276525035, 0.507420723474965),
    ("srs12of30_N45", "xlogit", 0.298793137027602, 0.510528753296924),
    ("srs12of30_noN", "logit", 0.234925027081467, 0.591405137878309),
    ("srs12of30_noN", "likelihood", 0.226977824295516, 0.592035480967817),
    ("srs12of30_noN", "asin", 0.225508278780631, 0.588743190626685),
    ("srs12of30_noN", "beta", 0.223788329028594, 0.597439979992867),
    ("srs12of30_noN", "mean", 0.213941849155554, 0.586058150844446),
    ("srs12of30_noN", "xlogit", 0.234925027081467, 0.591405137878308),
    ("weighted17of23", "logit", 0.634243995121135, 0.937497867467667),
    ("weighted17of23", "likelihood", 0.653419818341067, 0.948095093951436),
    ("weighted17of23", "asin", 0.665660873497314, 0.953575281752206),
    ("weighted17of23", "beta", 0.643744775355139, 0.949457272587414),
    ("weighted17of23", "mean", 0.688208985209942, 0.983922162331041),
    ("weighted17of23", "xlogit", 0.634243995121135, 0.937497867467667),
    # R's own logit row of this case is left out: it degenerates to 0 … 1
    ("rclus1_ell0", "asin", 0.000290860755886285, 0.0952991691474402),
    ("rclus1_ell0", "beta", 0.000221336557811634, 0.136975648852955),
    ("rclus1_ell0", "mean", -0.0265242760640477, 0.0702401230585832),
    ("rclus1_ell0", "xlogit", 0.00231959487826636, 0.176805470334651),
]
SAME_AS_R = {
    "logit": logit_interval,
    "xlogit": logit_interval,
    "beta": beta_interval,
    "asin": lambda *estimate: asin_interval(*estimate, cut=False),
    "mean": lambda *estimate: mean_interval(*estimate, cut=False),
}


@pytest.mark.parametrize(("case", "method", "low", "high"), [row for row in R_INTERVALS if row[1] in SAME_AS_R])
def test_intervals_equal_r(case, method, low, high):
    estimate, error, degrees, rows = R_CASES[case]
    assert SAME_AS_R[method](estimate, error**2, rows, degrees) == pytest.approx((low, high), abs=1e-9)


def read_off_a_spline(estimate, error, degrees, rows):
    """The likelihood interval as R prints it: the curve of signed roots of the deviance, at about a dozen points on
    the scale of logits, joined by a cubic spline (Forsythe, Malcolm & Moler's ends), and that by straight lines
    between three times as many points. All that R adds to the exact interval is this interpolation."""
    effective = estimate * (1 - estimate) / error**2
    wanted = t.ppf(0.975, degrees) / np.sqrt(effective / rows)

    def root(step):
        share = expit(logit(estimate) + step * width)
        divergence = rel_entr(estimate, share) + rel_entr(1 - estimate, 1 - share)
        return np.sign(step) * np.sqrt(2 * (rows - 1) * np.maximum(divergence, 0))

    farthest = np.sqrt(f.isf(norm.sf(wanted) / 2, 1, rows - 1))
    width = farthest / 5 * error / (estimate * (1 - estimate))
    steps = [0.0]
    for sign in (-1, 1):
        side = []
        for step in range(1, 10):
            side.append(float(step))
            if abs(root(sign * step)) >= farthest:
                break
        else:
            side += [9 + part for part in (0.2, 0.4, 0.6, 0.8, 0.9)]
        steps += [sign * step for step in side]
    steps = np.sort(steps)
    at, height = logit(estimate) + steps * width, root(steps)
    fine = np.linspace(at[0], at[-1], 3 * len(at))
    return expit(np.interp([-wanted, wanted], forsythe_spline(at, height)(fine), fine))


def forsythe_spline(at, height):
    """A cubic spline whose third derivatives at the ends are those of the cubics through the four outer points."""
    gaps, number = np.diff(at), len(at)
    slopes = np.diff(height) / gaps
    matrix, right = np.zeros((number, number)), np.zeros(number)
    for row, four in ((0, slice(0, 4)), (number - 1, slice(number - 4, number))):
        gap, columns = (gaps[0], (0, 1)) if row == 0 else (gaps[-1], (number - 2, number - 1))
        matrix[row, columns] = -1 / gap, 1 / gap
        right[row] = 6 * np.polyfit(at[four] - at[four][0], height[four], 3)[0]
    for row in range(1, number - 1):
        matrix[row, row - 1 : row + 2] = gaps[row - 1] / 6, (gaps[row - 1] + gaps[row]) / 3, gaps[row] / 6
        right[row] = slopes[row] - slopes[row - 1]
    bend = np.linalg.solve(matrix, right)

    def spline(x):
        left = np.clip(np.searchsorted(at, x) - 1, 0, number - 2)
        gap, before, after = gaps[left], at[left + 1] - x, x - at[left]
        return (
            (bend[left] * before**3 + bend[left + 1] * after**3) / (6 * gap)
            + (height[left] / gap - bend[left] * gap / 6) * before
            + (height[left + 1] / gap - bend[left + 1] * gap / 6) * after
        )

    return spline


@pytest.mark.parametrize(
    ("case", "low", "high"), [(case, low, high) for case, method, low, high in R_INTERVALS if method == "likelihood"]
)
def test_the_likelihood_interval_differs_from_r_only_by_its_interpolation(case, low, high):
    estimate, error, degrees, rows = R_CASES[case]
    # R scales by the weights of its last step but one; far from a half that is still 6 in 100,000 away from the end
    near = 5e-6 if case == "clus1_ell0" else 1e-6
    assert read_off_a_spline(estimate, error, degrees, rows) == pytest.approx((low, high), abs=near)
    # and seven points are few for a share of 2 % with an interval up to 11 %
    assert likelihood_interval(estimate, error**2, rows, degrees) == pytest.approx(
        (low, high), abs=4e-4 if case == "clus1_ell0" else 4e-5
    )


def test_the_likelihood_bounds_lie_exactly_on_the_threshold():
    estimate, error, degrees, rows = R_CASES["weighted17of23"]
    for bound in likelihood_interval(estimate, error**2, rows, degrees):
        divergence = rel_entr(estimate, bound) + rel_entr(1 - estimate, 1 - bound)
        deviance = 2 * estimate * (1 - estimate) / error**2 * (rows - 1) / rows * divergence
        assert deviance == pytest.approx(t.ppf(0.975, degrees) ** 2, rel=1e-12)


def test_korn_graubard_caps_the_effective_base():
    variance = 0.4 * 0.6 / 60  # as precise as 60 answers, though only 30 were given
    assert design_effective_base(0.4, variance, 30, 29) == pytest.approx(60)
    assert korn_graubard(0.4, variance, 30, 29) == pytest.approx(clopper_pearson(12, 30))
    assert beta_interval(0.4, variance, 30, 29) == pytest.approx(clopper_pearson(24, 60))


DESIGN_METHODS = sorted(set(METHODS) - set(COUNT_METHODS))


def of_design(method, proportion, variance, base, degrees, confidence=0.95):
    return interval(
        method,
        base=base,
        proportion=proportion,
        variance=variance,
        degrees_of_freedom=degrees,
        confidence=confidence,
    )


@pytest.mark.parametrize("method", DESIGN_METHODS)
def test_at_none_and_all_there_is_a_real_interval(method):
    low, high = of_design(method, [0, 1, 0.5], 0, 30, 29)
    assert low == pytest.approx([0, 1 - 0.115703, clopper_pearson(15, 30)[0]], abs=5e-7)
    assert high == pytest.approx([0.115703, 1, clopper_pearson(15, 30)[1]], abs=5e-7)


@pytest.mark.parametrize("method", DESIGN_METHODS)
def test_without_degrees_of_freedom_or_answers_nothing_is_estimated(method):
    low, high = of_design(method, [0.4, 0.4, 0, np.nan], [0.01, 0.01, 0, np.nan], [30, 30, 30, 0], [0, -1, 0, 5])
    assert np.isnan(low).all() and np.isnan(high).all()


@pytest.mark.parametrize("method", DESIGN_METHODS)
def test_design_bounds_stay_inside_hold_the_share_and_nest(method):
    shares = np.linspace(0, 1, 41)
    variances = 1.7 * shares * (1 - shares) / 25
    previous = None
    for confidence in (0.5, 0.8, 0.9, 0.95, 0.99):
        low, high = of_design(method, shares, variances, 25, 11, confidence)
        assert (low >= 0).all() and (high <= 1).all()
        assert (low <= shares + 1e-12).all() and (shares <= high + 1e-12).all()
        # at 0 and 1 it is another formula; and the logit interval widens without end on the way there
        middle = (shares > 0.1) & (shares < 0.9) if method == "logit" else (shares > 0) & (shares < 1)
        assert (np.diff(low[middle]) >= -1e-12).all() and (np.diff(high[middle]) >= -1e-12).all()
        assert (low < high).all()
        if previous:
            assert (low <= previous[0] + 1e-12).all() and (previous[1] <= high + 1e-12).all()
        previous = low, high


# --- what is refused -----------------------------------------------------------------------------------------------


def places(raised):
    return [problem.where for problem in raised.value.problems]


def test_all_wrong_counts_are_named_at_once():
    with pytest.raises(EstimationError) as raised:
        hypergeometric([5, -1, 2, 3, 1.5], [4, 4, 9, 4, 4], [8, 8, 8, 8, 8])
    assert sorted(places(raised)) == ["estimate 1", "estimate 2", "estimate 3", "estimate 5"]
    assert "a count no larger than its base" in str(raised.value)
    assert "a base no larger than the population" in str(raised.value)


def test_many_wrong_counts_are_told_shortly():
    with pytest.raises(EstimationError) as raised:
        wilson(np.full(1000, 2), 1)
    assert len(raised.value.problems) == 21
    assert "980 more of this kind" in str(raised.value)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan"), "95%"])
@pytest.mark.parametrize("method", sorted(METHODS))
def test_confidence_lies_between_0_and_1(method, confidence):
    with pytest.raises(EstimationError, match=r"write 95 % as 0\.95"):
        if method in COUNT_METHODS:
            of_count(method, 3, 10, confidence)
        else:
            of_design(method, 0.3, 0.01, 10, 9, confidence)


def test_a_proportion_in_percent_is_refused():
    with pytest.raises(EstimationError, match="a proportion from 0 to 1"):
        logit_interval(40, 0.01, 30, 29)
    with pytest.raises(EstimationError, match="a variance of 0 or more"):
        logit_interval(0.4, -0.01, 30, 29)


def test_an_unknown_method_is_answered_with_the_near_one():
    with pytest.raises(EstimationError, match="did you mean 'clopper-pearson'"):
        interval("clopper_pearson", 3, 10)


def test_what_a_method_needs_is_named():
    with pytest.raises(EstimationError, match="population for the exact hypergeometric interval"):
        interval("hypergeometric", 3, 10)
    with pytest.raises(EstimationError) as raised:
        interval("logit", 3, 10)
    assert len(raised.value.problems) == 3


def test_the_default_method_and_its_explanation():
    assert METHODS[default_method(30)].name == "exact hypergeometric interval"
    for method in METHODS.values():
        assert method.sentence.endswith(".") and "margin of error" not in method.sentence
