"""Charts: one form a module; each is SVG whose text is text, and the same bytes every time.

frame       what the forms share: rows of statements, columns of printed numbers, a key; the drawing that comes out
bars        one share a statement, with its interval and what was published
dots        a few groups side by side
panels      small multiples: one panel a group, hidden shares hatched
arrows      what has changed between two waves
stacked     all answers to ordered questions, centred on neutral
together    a select-all question: its options, and which were ticked together
tiles       a map of groups, a tile each
"""

from impact_report.charts.arrows import Point, Step, steps
from impact_report.charts.bars import bars
from impact_report.charts.dots import MOST_GROUPS, groups
from impact_report.charts.frame import NARROW, WIDE, Drawing, Mark, Row, Spot
from impact_report.charts.panels import MOST_PANELS, panels
from impact_report.charts.stacked import MOST_ANSWERS, Answers, Part, stacked
from impact_report.charts.tiles import Tile, tiles
from impact_report.charts.together import MOST_TOGETHER, OF_COMBINATION, Option, Together, together

__all__ = [
    "MOST_ANSWERS",
    "MOST_GROUPS",
    "MOST_PANELS",
    "MOST_TOGETHER",
    "NARROW",
    "OF_COMBINATION",
    "WIDE",
    "Answers",
    "Drawing",
    "Mark",
    "Option",
    "Part",
    "Point",
    "Row",
    "Spot",
    "Step",
    "Tile",
    "Together",
    "bars",
    "groups",
    "panels",
    "stacked",
    "steps",
    "tiles",
    "together",
]
