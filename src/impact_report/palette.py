"""Each colour of the report and what it means, on a light and on a dark page.

Every name stands for a role, never for a hue; charts, HTML and PDF take their colours from here. The contrast of
each pair that carries text or data is tested (WCAG 2.2: 4.5 for text, 3 for graphics).
"""

LIGHT = {
    "paper": "#ffffff",
    "panel": "#f3f5f7",
    "ink": "#1b2430",
    "muted": "#52606d",
    "rule": "#d3dae1",
    "data": "#1f5f8b",  # what this survey found
    "data_soft": "#c3d7e6",  # the rest of a bar, the second of two groups' fill
    "other": "#a8480f",  # what is set beside it: a published figure, another group
    "link": "#17527b",
    "notice": "#8a5a00",
    "notice_paper": "#fff6e0",
}

DARK = {
    "paper": "#12171d",
    "panel": "#1b222b",
    "ink": "#e9eef3",
    "muted": "#a9b5c1",
    "rule": "#36424e",
    "data": "#7fbbe6",
    "data_soft": "#2c485d",
    "other": "#f2a46c",
    "link": "#8cc4ee",
    "notice": "#f0bd5c",
    "notice_paper": "#2e2410",
}
