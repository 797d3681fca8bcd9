"""What `make chaos` looks for: it must see a loss, or its "lost 0" says nothing."""

import pytest

from evaluations.models import Document
from tests.chaos.browser import forms_in
from tests.chaos.checks import losses, missing
from tests.chaos.journal import Activity, Journal, Told
from tests.factories import make_dossier, make_user, result_of

NOWHERE = "0" * 64


@pytest.fixture
def dossier(district):
    return make_dossier(district)


def sent(dossier, activity: Activity, told: Told = Told.SAVED, **answer) -> Journal:
    """A journal of one write, of which no row tells."""
    what = {
        "dossier": dossier.pk,
        "unit": dossier.unit_id,
        "code": "1.1.1",
        "name": "explanation",
        "text": "Đã gõ",
        "sha256": NOWHERE,
        "number": "[7.1]",
        "step": "submit",
        "mark": "[7.1]",
        "levels": {},
        "pair": "",
    }
    journal = Journal()
    with journal.sending(activity, "vinhbao", **what) as entry:
        entry.told, entry.answer = told, answer
    return journal


@pytest.mark.parametrize("activity", Activity)
def test_write_that_was_acknowledged_and_is_not_there_is_a_loss(dossier, activity):
    found = list(missing(sent(dossier, activity, run=1)))

    assert len(found) == 1


@pytest.mark.parametrize("activity", Activity)
def test_write_that_nobody_acknowledged_may_be_missing(dossier, activity):
    assert list(missing(sent(dossier, activity, Told.NOTHING))) == []


def test_field_holds_what_was_saved_last_or_sent_in_doubt_after_it(dossier):
    journal = sent(dossier, Activity.AUTOSAVE)
    words = dict(journal.sent[0].what)
    with journal.sending(Activity.AUTOSAVE, "vinhbao", **words | {"text": "Gõ tiếp"}):
        pass  # no answer
    result = result_of(dossier, "1.1.1")

    kept = {}
    for text in ("Đã gõ", "Gõ tiếp", "Cũ"):
        type(result).objects.filter(pk=result.pk).update(explanation=text)
        kept[text] = list(missing(journal)) == []

    assert kept == {"Đã gõ": True, "Gõ tiếp": True, "Cũ": False}


def test_half_of_an_upload_and_what_verify_integrity_says_are_losses(dossier):
    Document.objects.create(unit=dossier.unit, summary="Không tệp", created_by=make_user())
    type(dossier).objects.filter(pk=dossier.pk).update(
        status="submitted", first_submitted_at=dossier.status_since
    )

    found = " ".join(losses(Journal(), set()))

    assert "không có tệp nào" in found
    assert "hồ sơ lại đang ở “submitted”" in found


def test_forms_are_read_as_a_browser_sends_them():
    page = """
    <form id="a" action="/x/"><input type="hidden" name="base" value="{&quot;a&quot;: 1}">
      <input type="radio" name="met" value="yes"><input type="radio" name="met" value="no" checked>
      <select name="level"><option value="1"></option><option value="2" selected></option></select>
      <input type="checkbox" name="together"><button name="go-on" value="1">Lưu</button></form>
    <textarea form="a" name="explanation">
Dòng &lt;một&gt;
hai</textarea>
    """

    (form,) = forms_in(page)

    assert (form.action, form.fields) == (
        "/x/",
        {"base": '{"a": 1}', "met": "no", "level": "2", "explanation": "Dòng <một>\nhai"},
    )
