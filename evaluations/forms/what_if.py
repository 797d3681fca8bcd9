"""Try other numbers: one field per graded indicator, prefilled with what the dossier says."""

from dataclasses import replace

from django import forms

from criteria.levels import Determination, level_of
from criteria.measures import Kind, read
from evaluations.determination import Finding
from organisations.nfc_forms import VietnameseForm


class WhatIfForm(VietnameseForm):
    """Graded indicators only; the others stay as they are, taken as met where not assessed.

    Nothing is saved. A field takes the count achieved; where the dossier has a percentage
    instead of counts, the percentage.
    """

    def __init__(self, *args, finding: Finding, **kwargs):
        super().__init__(*args, **kwargs)
        self.finding = finding
        self.trials = []
        for line in finding.graded_lines:
            names = self._names(line)
            for name in names:
                key = self._key(line.code, name)
                self.fields[key] = forms.CharField(
                    label=f"{line.code}, {self._labels(line)[name].lower()}",
                    required=False,
                    max_length=40,
                    initial=line.result.typed.get(name, ""),
                    widget=forms.TextInput(
                        attrs={"class": "cell num", "inputmode": "decimal", "autocomplete": "off"}
                    ),
                )
            self.trials.append((line, names))

    @property
    def rows(self) -> list[dict]:
        """For the table: each graded line with its fields and, once tried, how they read."""
        tried = self._tried() if self.is_bound and self.is_valid() else {}
        return [
            {
                "line": line,
                "fields": [self[self._key(line.code, name)] for name in names],
                "typed": [self[self._key(line.code, name)].value() for name in names],
                "assessment": tried[line.code][1] if tried else line.self_assessed,
                "level": self._level(tried[line.code][1]) if tried else line.self_level,
                "problems": tuple(tried[line.code][0].problems.values()) if tried else (),
                "is_changed": bool(tried) and tried[line.code][2] != self._figures_of(line, names),
            }
            for line, names in self.trials
        ]

    @property
    def determination(self) -> Determination:
        """The level that these numbers would give."""
        entries = {}
        tried = self._tried()
        for line in self.finding.lines:
            if line.code in tried:
                entries[line.code] = tried[line.code][0].entry
            else:
                entries[line.code] = replace(
                    line.reading.entry, has_evidence=line.result.evidence_count > 0
                )
        return self.finding.rule.determine(entries, self.finding.readings)

    def _tried(self) -> dict:
        found = {}
        for line, names in self.trials:
            figures = {
                name: (self.cleaned_data.get(self._key(line.code, name)) or "").strip()
                for name in names
            }
            reading = read(line.indicator.measure, figures)
            assessed = self.finding.rule.assess({line.code: reading.entry}, self.finding.readings)
            found[line.code] = (reading, assessed[line.code], figures)
        return found

    def _level(self, assessment) -> int | None:
        if assessment.share is None:
            return None
        return level_of(assessment.share, self.finding.rule.thresholds_read(self.finding.readings))

    @staticmethod
    def _figures_of(line, names) -> dict[str, str]:
        return {name: line.result.typed.get(name, "").strip() for name in names}

    @staticmethod
    def _labels(line) -> dict[str, str]:
        return {field.name: field.label for field in line.indicator.measure.fields}

    @staticmethod
    def _names(line) -> tuple[str, ...]:
        """Counts as a pair, or the percentage where that is what was typed."""
        assert line.indicator.measure.kind == Kind.SHARE
        typed = line.result.typed
        if typed.get("percent", "").strip() and not typed.get("achieved", "").strip():
            return ("percent",)
        return ("achieved", "total")

    @staticmethod
    def _key(code: str, name: str) -> str:
        return f"{name}-{code}"
