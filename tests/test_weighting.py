"""Design effect, effective base and raking, against hand sums and R's survey package."""

import numpy as np
import pytest

from impact_report.errors import EstimationError
from impact_report.weighting import design_effect, effective_base, rake

# 183 schools of California's 1999 Academic Performance Index, the cluster sample of R's survey package:
# (school type, met the school-wide target, eligible for awards): schools
API_SCHOOLS = {
    ("E", "Yes", "Yes"): 111,
    ("E", "Yes", "No"): 21,
    ("E", "No", "No"): 12,
    ("H", "Yes", "Yes"): 6,
    ("H", "Yes", "No"): 5,
    ("H", "No", "No"): 3,
    ("M", "Yes", "Yes"): 13,
    ("M", "Yes", "No"): 4,
    ("M", "No", "No"): 8,
}
SCHOOLS = [school for school, number in API_SCHOOLS.items() for _ in range(number)]
TYPES, WIDE, AWARDS = (np.array(column) for column in zip(*SCHOOLS, strict=True))
TARGETS = {"type": (TYPES, {"E": 4421, "H": 755, "M": 1018}), "wide": (WIDE, {"No": 1072, "Yes": 5122})}


def test_raking_as_in_r():
    weights = rake(np.full(183, 33.846996307373), TARGETS)
    assert weights.min() == pytest.approx(29.87068, abs=5e-6)
    assert weights.max() == pytest.approx(67.12553, abs=5e-6)
    assert weights[AWARDS == "Yes"].sum() / weights.sum() == pytest.approx(0.6612697, abs=5e-8)


def test_every_margin_is_met():
    weights = rake(np.ones(183), TARGETS)
    for values, targets in TARGETS.values():
        for category, target in targets.items():
            assert weights[values == category].sum() == pytest.approx(target, rel=1e-6)


def test_the_order_of_margins_and_rows_leaves_no_trace():
    weights = rake(np.ones(183), TARGETS)
    assert rake(np.ones(183), dict(reversed(TARGETS.items()))) == pytest.approx(weights, rel=1e-7)
    order = np.random.default_rng(3).permutation(183)
    shuffled = {name: (values[order], targets) for name, (values, targets) in TARGETS.items()}
    assert rake(np.ones(183), shuffled) == pytest.approx(weights[order], rel=1e-9)


def test_raking_to_one_margin_keeps_the_ratios_of_design_weights():
    # businesses weigh 1 and 3 and stand for 8: 2 and 6; agencies weigh 2 and 2 and stand for 2: 1 and 1
    raked = rake([1, 3, 2, 2], {"role": (["business", "business", "agency", "agency"], {"business": 8, "agency": 2})})
    assert raked.tolist() == [2, 6, 1, 1]


def test_design_weights_are_not_changed():
    weights = np.ones(4)
    rake(weights, {"role": (list("aaab"), {"a": 6, "b": 4})})
    assert weights.tolist() == [1, 1, 1, 1]


def refused(margins, weights=(1, 1, 1, 1), **settings):
    with pytest.raises(EstimationError) as raised:
        rake(weights, margins, **settings)
    return [f"{problem.where}: {problem.found}" for problem in raised.value.problems]


def test_all_that_is_wrong_with_the_margins_is_told_at_once():
    assert refused(
        {
            "role": (["a", None, "c", "a"], {"a": 6, "b": 4}),
            "size": (["s", "s", "s", "l"], {"s": 5, "l": -5}),
            "region": ([1, 2, 3], {1: 1}),
        }
    ) == [
        "raking margin 'role': 1 missing (row 2)",
        "raking margin 'role': no target for 'c'",
        "raking margin 'role', category 'b': nobody (or only weights of 0)",
        "raking margin 'size', target of 'l': -5",
        "raking margin 'region': 3 values",
    ]


def test_a_target_of_0_for_people_who_are_there():
    assert refused({"role": (list("aaab"), {"a": 10, "b": 0})}) == ["raking margin 'role', category 'b': a target of 0"]


def test_margins_for_different_populations():
    assert refused({"role": (list("aabb"), {"a": 6, "b": 4}), "size": (list("slsl"), {"s": 5, "l": 6})}) == [
        "raking targets: role: 10, size: 11"
    ]


def test_margins_that_contradict_each_other_do_not_converge():
    # everyone in a is also in s: 6 and 5 cannot both be
    (found,) = refused({"role": (list("aabb"), {"a": 6, "b": 4}), "size": (list("ssll"), {"s": 5, "l": 5})})
    assert "a relative gap of" in found


def test_no_margin_at_all():
    assert refused({}) == ["raking: none"]


@pytest.mark.parametrize("function", [design_effect, effective_base, lambda weights: rake(weights, TARGETS)])
def test_weights_that_cannot_be_used(function):
    with pytest.raises(EstimationError) as raised:
        function([1, -1, np.nan, -2])
    assert [problem.found for problem in raised.value.problems] == ["1 missing (row 3)", "2 negative (rows 2, 4)"]
    with pytest.raises(EstimationError, match="all 0"):
        function([0, 0])
    with pytest.raises(EstimationError, match="one weight for each respondent"):
        function([[1, 2], [3, 4]])


def test_design_effect_and_effective_base_by_hand():
    # 1, 1, 2, 2, 4: sum 10, squares 26, so 100/26 of 5
    weights = [1, 1, 2, 2, 4]
    assert effective_base(weights) == pytest.approx(100 / 26)
    assert design_effect(weights) == pytest.approx(5 * 26 / 100)
    assert effective_base([3, 3, 3]) == pytest.approx(3)
    assert design_effect([3, 3, 3]) == pytest.approx(1)


def test_one_base_for_each_estimate():
    inside = np.array([[True, True, False], [True, False, False], [True, True, False]])
    assert effective_base([1, 1, 2], inside) == pytest.approx([16 / 6, 9 / 5, 0])
    assert design_effect([1, 1, 2], inside)[:2] == pytest.approx([3 * 6 / 16, 2 * 5 / 9])
    assert np.isnan(design_effect([1, 1, 2], inside)[2])


def test_a_weight_of_0_is_nobody():
    assert design_effect([1, 3, 0]) == design_effect([1, 3])
    assert effective_base([1, 3, 0]) == effective_base([1, 3])


def test_a_base_of_other_rows_is_refused():
    with pytest.raises(EstimationError, match="3 rows, one for each weight"):
        effective_base([1, 1, 2], [True, False])
