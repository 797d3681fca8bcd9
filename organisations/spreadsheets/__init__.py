"""Excel files that people send: told from what is none, read without trusting them.

Which cells mean what is for `people_file` and `evaluations.workbook` to say. Free of Django.
"""

from organisations.spreadsheets.book import Book, Sheet
from organisations.spreadsheets.cells import address, as_text
from organisations.spreadsheets.collector import collector_paused
from organisations.spreadsheets.package import UnreadableFile, without_phantoms

__all__ = [
    "Book",
    "Sheet",
    "UnreadableFile",
    "address",
    "as_text",
    "collector_paused",
    "without_phantoms",
]
