"""Sentences from facts: pure functions, one a section, each sentence left out without its data."""
