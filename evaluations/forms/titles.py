"""What a keeper types about one title. Nothing is refused here: it is kept as it is, and
`title_reading.read_titles` says what cannot be counted yet."""

from django import forms

from evaluations.forms.sent_rows import SentRowForm
from evaluations.title_reading import FIELDS, Title, names_of

LONG = 40


class TitleForm(SentRowForm):
    """The counts of one title of one commune."""

    def __init__(self, *args, title: Title, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = tuple(names_of(title).values())
        for name in self.names:
            self.fields[name] = forms.CharField(label=FIELDS[name], required=False, max_length=LONG)
