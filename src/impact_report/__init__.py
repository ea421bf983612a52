"""From a raw survey export and a codebook to a report in which every number can be traced."""

__version__ = "0.1.0"
