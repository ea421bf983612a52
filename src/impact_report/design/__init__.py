"""What a design does to a proportion: its linearised variance, degrees of freedom and effective base.

A design says how respondents came in: with which weights, drawn in which strata, together in which primary units,
out of how many. Arrays have one row a respondent (a unit of analysis) and one column an estimate.

margins     the known margins that weights were raked to
drawn       how respondents were drawn
variance    the linearised variance, with its degrees of freedom
effective   the base in equally weighted, independent answers
"""

from impact_report.design.drawn import check_design
from impact_report.design.effective import (
    checked_estimate,
    design_effective_base,
    estimable,
    has_spread,
    student_quantile,
)
from impact_report.design.margins import Margins
from impact_report.design.variance import from_unit_sums, linearised_variance, variance_of_scores

__all__ = [
    "Margins",
    "check_design",
    "checked_estimate",
    "design_effective_base",
    "estimable",
    "from_unit_sums",
    "has_spread",
    "linearised_variance",
    "student_quantile",
    "variance_of_scores",
]
