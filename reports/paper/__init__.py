"""An official paper by Nghị định 30/2020/NĐ-CP: what it consists of, and how it is printed.

`parts` and `grids` are the vocabulary, without Django and without any format; `html` (for
WeasyPrint) and `word` each lay the same parts out, so that the PDF and the Word file cannot say
different things.
"""
