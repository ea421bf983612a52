"""The parts of a report: an edition's results as blocks, in words every reader understands.

labels        names, dates and conditions in words
front         the cover, the findings on one page
respondents   who answered
answers       what they report, and by group
changes       what has changed since an earlier wave
since         what else is different from it
published     published figures beside computed ones
method        how it was done, what was asked, what was set aside
evidence      where each number comes from
"""
