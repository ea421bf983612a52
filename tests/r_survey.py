"""What R's survey package gives, as the tests of designs and of intervals compare with it."""

from __future__ import annotations

# R 4.2.2, survey 4.1.1, svymean on the package's own api data; an unweighted random sample of 30 without and with
# N = 45; a weighted sample of 23. case: (estimate, standard error, degrees of freedom, rows)
R_CASES = {
    "clus1_awards": (0.710382513661202, 0.0330182995537189, 14, 183),
    "clus1_ell0": (0.0218579234972678, 0.0226224508611339, 14, 183),
    "strat_awards": (0.638936064050578, 0.0344059179972689, 197, 200),
    "clus2_awards": (0.639852398523985, 0.0633993060768308, 39, 126),
    "srs12of30_N45": (0.4, 0.052522573143889, 29, 30),
    "srs12of30_noN": (0.4, 0.0909717652294684, 29, 30),
    "weighted17of23": (0.836065573770492, 0.071294907508482, 22, 23),
    "rclus1_ell0": (0.0218579234972678, 0.0225580473031963, 14, 183),
}
