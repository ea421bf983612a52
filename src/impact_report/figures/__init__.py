"""The figures of a report: an edition's estimates drawn, with the words that belong to each.

keeping      what all figures have: subtitle, source, links, the table with their data
naming       statements as a title names them
by_section   the statements of a section, largest first
by_group     the same by group: two side by side, more as small multiples
of_change    what has changed since an earlier wave
of_answers   all answers to a question, and what was ticked together
of_places    a map of the groups
"""

from impact_report.figures.by_group import draw_groups, names_by_group
from impact_report.figures.by_section import draw_sections
from impact_report.figures.of_answers import draw_answers
from impact_report.figures.of_change import draw_change
from impact_report.figures.of_places import draw_maps, map_names

__all__ = ["draw_answers", "draw_change", "draw_groups", "draw_maps", "draw_sections", "map_names", "names_by_group"]
