"""Hostile input by the hundred thousand: `make fuzz ARGS="--cases 100000 --seed 1"`.

Not part of the ordinary suite. What is found here is mended and becomes a row of a table there.
"""
