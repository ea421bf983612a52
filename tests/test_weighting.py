"""Design effect, effective base and raking, against hand sums and R's survey package."""

import numpy as np
import pytest

from impact_report.errors import EstimationError
from impact_report.weighting import design_effect, effective_base, rake

# 183 schools of California's 1999 Academic Performance Index, the one-stage cluster sample of R's survey package:
# (school type, met the school-wide target, eligible for awards): schools
API_SCHOOLS = {
    ("E", "Yes", "Yes"): 103,
    ("E", "Yes", "No"): 25,
    ("E", "No", "No"): 16,
    ("H", "Yes", "Yes"): 6,
    ("H", "Yes", "No"): 5,
    ("H", "No", "No"): 3,
    ("M", "Yes", "Yes"): 14,
    ("M", "Yes", "No"): 4,
    ("M", "No", "No"): 7,
}
