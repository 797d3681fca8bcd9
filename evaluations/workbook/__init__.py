"""The workbook of results: made from a register, filled in by its keeper, read back and compared.

One workbook for each owner, round and year. Nothing here writes: a workbook becomes part of the
registers through `actions.uploads` alone. What a cell may say is `unit_reading.read_line`'s and
`title_reading.read_titles`' to decide, as in the grid.
"""
