"""What changed between two editions: numbers, wording, answers, bases, cleaning, method, data, code.

rows        which rows of two records differ
wording     which words of two texts differ
editions    two published editions, found, checked and read
estimates   which shares differ, which appeared, disappeared, are hidden now or shown
areas       everything that two editions have, by what it is about
page        what differs, as the blocks of a page
markdown    the same blocks as Markdown
files       both in a folder
"""
