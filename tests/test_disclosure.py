"""Flags, and attacks on what is published: no small cell may follow from the rest."""

import numpy as np
import pandas as pd
import pytest

from impact_report.disclosure import (
    FLAGS,
    MASKED_COLUMNS,
    complementary,
    feasible_ranges,
    mask,
    reliability_flags,
    suppress,
)
from impact_report.errors import EstimationError
from impact_report.precision import hypergeometric, wilson

# --- reliability ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimate", "flags"),
    [
        ((40, 60, 0.54, 0.77), ()),
        ((20, 29, 0.55, 0.80), ("small-base",)),
        ((20, 30, 0.55, 0.80), ()),
        ((40, 60, 0.50, 0.80), ("wide",)),
        ((40, 60, 0.501, 0.80), ()),
        ((6, 60, 0.04, 0.18), ("relatively-wide",)),  # .14 of .10 is 140 %
        ((6, 60, 0.05, 0.18), ()),  # 130 % exactly
        ((6, 600, 0.005, 0.022), ()),  # 170 %, but narrower than .05
        ((0, 60, 0, 0.06), ("none-or-all",)),
        ((60, 60, 0.94, 1), ("none-or-all",)),
        ((0, 0, np.nan, np.nan), ("nobody",)),
        ((30, 60, np.nan, np.nan), ("no-interval",)),
    ],
)
def test_flags_at_their_limits(estimate, flags):
    assert reliability_flags(*estimate) == flags


def test_a_width_of_30_points_counts_whatever_its_last_bits():
    assert 0.95 - 0.65 < 0.30
    assert reliability_flags(48, 60, 0.65, 0.95) == ("wide",)


def test_flags_of_weighted_estimates():
    flags = reliability_flags(
        40, 60, [0.54, 0.54, 0.02], [0.77, 0.77, 0.1], [31, 29.9, 40], [8, 7, 9], [0.66, 0.66, 0.05]
    )
    assert flags.tolist() == [(), ("small-base", "few-degrees"), ("relatively-wide",)]


def test_the_known_population_is_judged_by_its_own_interval():
    assert "wide" in reliability_flags(18, 23, *wilson(18, 23))
    assert reliability_flags(18, 23, *hypergeometric(18, 23, 30)) == ("small-base",)


def test_every_flag_has_words():
    count, base = np.array([0, 5, 9]), np.array([0, 40, 9])
    flags = reliability_flags(count, base, [np.nan, 0.05, np.nan], [np.nan, 0.4, np.nan], None, 3)
    assert {flag for row in flags for flag in row} == set(FLAGS)


# --- suppression: tables ---------------------------------------------------------------------------------------------


def table(groups, everybody=None, indicator="data", group_by="role"):
    """An estimates table from {group: (count, base)}; everybody is the sum unless given."""
    count, base = everybody or (sum(pair[part] for pair in groups.values()) for part in (0, 1))
    rows = [("all", "all", count, base), *((group_by, group, *pair) for group, pair in groups.items())]
    estimates = pd.DataFrame(rows, columns=["group_by", "group", "count", "base"])
    return estimates.assign(wave="first", section="one", indicator=indicator, eligible=estimates["base"])


def hidden(estimates, minimum_base=5, k=None):
    return estimates["group"][suppress(estimates, minimum_base, k)].tolist()


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": (4, 10), "b": (4, 10)}, []),
        ({"a": (2, 4), "b": (5, 10), "c": (6, 12)}, ["a", "b"]),  # b, or a = all − b − c
        ({"a": (2, 4), "b": (3, 3), "c": (6, 12)}, ["a", "b"]),  # together 7
        ({"a": (1, 1), "b": (2, 2), "c": (6, 12), "d": (9, 13)}, ["a", "b", "c"]),  # together only 3
        ({"a": (2, 4), "nobody": (0, 0), "b": (6, 10), "c": (6, 12)}, ["a", "b"]),  # an empty group protects nothing
        ({"a": (2, 4), "b": (6, 10)}, ["a", "b"]),
        ({"a": (0, 5), "b": (5, 5)}, []),  # k is off: five is enough
    ],
)
def test_small_groups_and_what_would_give_them_away(groups, expected):
    assert hidden(table(groups)) == expected


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a": (10, 20), "b": (10, 20)}, []),
        # 3 of 20 is 1 … 4 yes; b protects it
        ({"a": (3, 20), "b": (10, 20), "c": (10, 22)}, ["a", "b"]),
        # 17 of 20: 3 say no
        ({"a": (17, 20), "b": (10, 20), "c": (10, 22)}, ["a", "b"]),
        # 0 and all are no small counts
        ({"a": (0, 20), "b": (20, 20)}, []),
    ],
)
def test_small_counts_when_k_is_on(groups, expected):
    assert hidden(table(groups), k=5) == expected


def test_a_small_total_is_hidden_with_all_its_groups():
    assert hidden(table({"a": (1, 2), "b": (2, 2)})) == ["all", "a", "b"]


def test_nobody_at_all_needs_no_hiding():
    assert hidden(table({"a": (0, 0), "b": (0, 0)})) == []


def test_a_group_nobody_of_which_answered_is_hidden():
    estimates = table({"a": (0, 0), "b": (6, 10), "c": (7, 11)})
    estimates.loc[estimates["group"] == "a", "eligible"] = 3
    assert hidden(estimates) == ["a", "b", "c"]


def test_respondents_without_a_group_are_a_cell_of_their_own():
    # 22 answered, the groups hold 20: the two others follow by subtraction
    assert hidden(table({"a": (4, 10), "b": (4, 10)}, everybody=(9, 22))) == ["a"]
    # six others may follow
    assert hidden(table({"a": (4, 10), "b": (4, 10)}, everybody=(9, 26))) == []
    # and they protect a small group as another group would
    assert hidden(table({"a": (2, 4), "b": (4, 10)}, everybody=(9, 20))) == ["a"]


def test_groups_that_overlap_hide_their_small_complements():
    # respondents could choose several roles: 18 of 20 are in a, so that 2 are not
    groups = {"a": (9, 18), "b": (5, 10), "c": (1, 3)}
    assert hidden(table(groups, everybody=(10, 20))) == ["a", "c"]


def test_indicators_and_groupings_are_judged_each_for_itself():
    role = table({"a": (2, 4), "b": (5, 10), "c": (6, 12)})
    region = table({"north": (6, 13), "south": (7, 13)}, group_by="region").query("group_by != 'all'")
    other = table({"a": (2, 8), "b": (5, 10), "c": (6, 12)}, indicator="pay")
    estimates = pd.concat([role, region, other], ignore_index=True)
    assert estimates.loc[suppress(estimates, 5), ["indicator", "group"]].to_numpy().tolist() == [
        ["data", "a"],
        ["data", "b"],
    ]


def test_the_same_groups_are_hidden_for_every_indicator_with_the_same_bases():
    first = table({"a": (2, 4), "b": (7, 8), "c": (3, 9)})
    second = table({"a": (1, 4), "b": (4, 8), "c": (2, 9)}, indicator="pay")
    assert hidden(first) == hidden(second) == ["a", "b"]


def test_rows_in_another_order_with_another_index():
    estimates = table({"a": (2, 4), "b": (5, 10), "c": (6, 12)})
    shuffled = estimates.sample(frac=1, random_state=2).set_axis(list("wxyz"))
    marks = suppress(shuffled, 5)
    assert marks.index.tolist() == list("wxyz")
    assert sorted(shuffled["group"][marks]) == ["a", "b"]


def test_no_small_cell_can_be_computed_from_what_is_published():
    """Many random tables: an attacker subtracts what is shown from the total."""
    random = np.random.default_rng(11)
    for _ in range(150):
        base = random.integers(0, 14, size=random.integers(1, 6))
        count = random.binomial(base, random.uniform(0.05, 0.95))
        groups = {f"group {i}": (int(x), int(n)) for i, (x, n) in enumerate(zip(count, base, strict=True))}
        estimates = table(groups)
        for k in (None, 3):
            marks = suppress(estimates, 5, k).to_numpy()
            if marks[0]:
                assert base.sum() < 5 or k
                continue
            shown = ~marks[1:]
            rest = base.sum() - base[shown].sum()
            assert rest == 0 or rest >= 5
            assert (base[shown & (base > 0)] >= 5).all()
            assert (marks[1:] & (base > 0)).sum() != 1
            if k:
                for x, n in zip(count[shown], base[shown], strict=True):
                    assert not 1 <= x < k and not 1 <= n - x < k


def test_with_k_no_hidden_count_can_be_narrowed_down_even_when_the_bases_are_known():
    random = np.random.default_rng(5)
    k = 4
    for _ in range(40):
        base = random.integers(1, 20, size=4)
        count = random.binomial(base, 0.5)
        estimates = table({str(i): (int(x), int(n)) for i, (x, n) in enumerate(zip(count, base, strict=True))})
        marks = suppress(estimates, 5, k).to_numpy()
        if marks[0] or not marks.any():
            continue
        # yes and no by group, with both sums and every base known
        low, high = feasible_ranges([count, base - count], np.array([marks[1:], marks[1:]]))
        wanted = np.minimum(np.minimum(k, base), min(count.sum(), (base - count).sum()))
        assert ((high - low)[0] >= wanted)[marks[1:]].all()


def test_tables_that_cannot_be_judged():
    estimates = table({"a": (2, 4), "b": (5, 10)})
    with pytest.raises(EstimationError, match="a column 'count'"):
        suppress(estimates.drop(columns="count"), 5)
    with pytest.raises(EstimationError, match="one row of everybody"):
        suppress(estimates[estimates["group_by"] != "all"], 5)
    with pytest.raises(EstimationError, match=r"row 2 \(data\)"):
        suppress(estimates.assign(count=[7, 5, 5]), 5)
    with pytest.raises(EstimationError) as raised:
        suppress(estimates, 0, k=2.5)
    assert [problem.where for problem in raised.value.problems] == ["minimum base", "k"]


def test_a_masked_table_keeps_no_figure_of_a_hidden_row():
    estimates = table({"a": (2, 4), "b": (5, 10), "c": (6, 12)})
    estimates["asked"] = estimates["eligible"]
    for number, column in enumerate(MASKED_COLUMNS):
        if column not in estimates:
            estimates[column] = "wide" if column == "flags" else 0.5 + number
    estimates["suppressed"] = suppress(estimates, 5)
    masked = mask(estimates)
    for _, row in masked[masked["suppressed"]].iterrows():
        for column in MASKED_COLUMNS:
            assert row[column] == "" if column == "flags" else pd.isna(row[column])
    pd.testing.assert_frame_equal(masked[~masked["suppressed"]], estimates[~estimates["suppressed"]], check_dtype=False)
    assert masked["base"].dtype == "Int64"
    assert estimates["base"].tolist() == [26, 4, 10, 12], "the table that was given is left as it was"


def test_flags_as_tuples_are_blanked_too():
    flagged = pd.DataFrame({"flags": [("wide",), ("wide",)], "suppressed": [True, False]})
    assert mask(flagged)["flags"].tolist() == [(), ("wide",)]


def test_masking_needs_the_marks():
    with pytest.raises(EstimationError, match="suppress"):
        mask(table({"a": (2, 4)}))


# --- suppression: crosstabs ----------------------------------------------------------------------------------------

OLD, YOUNG = [3, 4, 6], [2, 0, 5]  # in Iceland, Portugal, Spain


def test_old_and_young_over_three_countries():
    counts = np.array([OLD, YOUNG])
    assert complementary(counts, counts <= 1).tolist() == [[True, True, False], [True, True, False]]


def test_nothing_small_means_nothing_hidden():
    assert not complementary([OLD, YOUNG], np.zeros((2, 3), bool)).any()


def test_no_line_keeps_a_single_hidden_cell():
    random = np.random.default_rng(8)
    for _ in range(200):
        counts = random.integers(0, 12, size=random.integers(2, 6, size=2))
        primary = (counts >= 1) & (counts <= 2)
        marks = complementary(counts, primary)
        assert (marks >= primary).all()
        assert (marks.sum(axis=0) != 1).all() and (marks.sum(axis=1) != 1).all()


def test_what_an_attacker_can_deduce():
    everything = np.ones((2, 2), bool)
    low, high = feasible_ranges([[3, 4], [2, 0]], everything)
    # row sums 7 and 2, column sums 5 and 4: the first cell is 3 to 5, and the others follow
    assert low.tolist() == [[3, 2], [0, 0]]
    assert high.tolist() == [[5, 4], [2, 2]]
    alone = np.array([[False, False], [False, True]])
    low, high = feasible_ranges([[3, 4], [2, 0]], alone)
    assert (low == high).all(), "a single hidden cell is no secret"


def test_k_widens_until_nothing_can_be_narrowed_down():
    counts = np.array([[3, 4, 60], [2, 0, 50], [30, 40, 45]])
    primary = counts <= 1
    for k in (None, 5):
        marks = complementary(counts, primary, k)
        low, high = feasible_ranges(counts, marks)
        narrowest = (high - low)[marks].min()
        assert narrowest >= 5 if k else narrowest < 5


def test_crosstabs_that_cannot_be_judged():
    with pytest.raises(EstimationError, match="one mark for each"):
        complementary([[1, 2]], [[True]])
    with pytest.raises(EstimationError, match="whole numbers"):
        complementary([[1.5, 2]], [[True, False]])
