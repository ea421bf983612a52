"""The words by which export formats say that a box is ticked, or is not."""

from __future__ import annotations

# Normalised. A platform may also repeat the option itself for a tick, and write nothing for none.
TICKED = frozenset(
    {
        "1",
        "1.0",
        "y",
        "yes",
        "ja",
        "oui",
        "sí",
        "sì",
        "si",
        "sim",
        "true",
        "checked",
        "x",
        "✓",
        "✔",
        "selected",
        "ticked",
    }
)
NOT_TICKED = frozenset({"0", "0.0", "n", "no", "nein", "nee", "non", "não", "false", "unchecked", "not selected"})
