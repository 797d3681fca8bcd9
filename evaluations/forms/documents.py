"""What is typed about papers and citations, and the files that come with it."""

from django import forms
from django.utils import timezone

from evaluations.forms.keys import KeysField
from evaluations.models import Document, PilotRound
from evaluations.validators import ACCEPT
from organisations.dates import DayField
from organisations.nfc_forms import VietnameseForm, VietnameseModelForm

EARLIEST_YEAR = 1945
TOO_LONG = "Dài quá %(limit_value)d ký tự (đang có %(show_value)d). Rút gọn lại."


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data, files, name):
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class ManyFilesField(forms.FileField):
    """Any number of files as they came; `actions.papers` looks into each."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        return [file for file in data or [] if file]


class IssuedOnField(DayField):
    """The day on the paper's head; never to come."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%d/%m/%Y", attrs={"placeholder": "ngày/tháng/năm", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)
        self.error_messages["invalid"] = (
            "Ghi ngày ban hành theo dạng ngày/tháng/năm, ví dụ 05/11/2022."
        )

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise forms.ValidationError("Ngày ban hành ở sau hôm nay. Xem lại ngày trên văn bản.")
        if value and value.year < EARLIEST_YEAR:
            raise forms.ValidationError(
                f"Ngày ban hành trước năm {EARLIEST_YEAR}. Xem lại năm, ghi đủ bốn chữ số."
            )


class DocumentForm(VietnameseModelForm):
    """What the register says of a paper."""

    class Meta:
        model = Document
        fields = ["number", "issued_on", "issuer", "summary"]
        field_classes = {"issued_on": IssuedOnField}
        labels = {
            "number": "Số, ký hiệu",
            "issued_on": "Ngày ban hành",
            "issuer": "Cơ quan ban hành",
            "summary": "Trích yếu",
        }
        widgets = {
            "number": forms.TextInput(attrs={"placeholder": "ví dụ 3187/QĐ-UBND"}),
            "issuer": forms.TextInput(attrs={"placeholder": "ví dụ UBND huyện Vĩnh Bảo"}),
            "summary": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages = {
            "number": {"max_length": TOO_LONG},
            "issuer": {"max_length": TOO_LONG},
            "summary": {
                "max_length": TOO_LONG,
                "required": "Ghi trích yếu: một câu nói văn bản về việc gì.",
            },
        }


class CitedField(forms.CharField):
    """The page or section of the paper that proves what it is cited for."""

    def __init__(self, **kwargs):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"placeholder": "ví dụ trang 1–3, mục II"})
        )
        super().__init__(
            label="Trang, mục trích dẫn",
            max_length=200,
            required=False,
            error_messages={"max_length": TOO_LONG},
            **kwargs,
        )


class CitationForm(VietnameseForm):
    cited = CitedField()


class UploadForm(DocumentForm):
    """Files for one indicator, with what is known of the paper; all of that may come later.

    `stored` names the papers that an earlier try of the same page has already stored: sending
    again with the text put right completes them and stores nothing twice.
    """

    files = ManyFilesField(label="Chọn tệp", required=False)
    photo = ManyFilesField(label="Chụp ảnh văn bản bằng điện thoại", required=False)
    together = forms.BooleanField(
        label="Các tệp này là một văn bản (ví dụ ảnh chụp từng trang)", required=False
    )
    cited = CitedField()
    stored = KeysField(
        queryset=Document.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args, unit_id: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["summary"].required = False
        self.fields["summary"].help_text = "Để trống thì lấy tên tệp."
        self.fields["stored"].queryset = Document.objects.filter(unit=unit_id)
        self.fields["files"].widget.attrs |= {"accept": ACCEPT, "data-upload-input": True}
        self.fields["photo"].widget.attrs |= {
            "accept": "image/jpeg,image/png",
            "capture": "environment",
            "data-upload-input": True,
        }

    @property
    def uploads(self) -> list:
        return [*self.cleaned_data.get("files", []), *self.cleaned_data.get("photo", [])]

    @property
    def details(self) -> dict:
        """What was typed rightly about the paper; what was not stays in the form."""
        names = DocumentForm.Meta.fields
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}


class NewFilesForm(VietnameseForm):
    """Files for a paper that the register holds."""

    NEW, SAME = "new", "same"

    files = ManyFilesField(label="Chọn tệp", required=False)
    mode = forms.ChoiceField(
        label="Tệp này",
        choices=[
            (SAME, "là một phần nữa của bản đang dùng (thêm trang, phụ lục)"),
            (NEW, "thay bản đang dùng: lập bản mới, bản cũ vẫn giữ"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn tệp này là phần thêm hay bản mới."},
    )

    def __init__(self, *args, is_held: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["files"].widget.attrs["accept"] = ACCEPT
        if is_held:
            mode = self.fields["mode"]
            mode.choices = [choice for choice in mode.choices if choice[0] == self.NEW]
            mode.initial = self.NEW
            mode.error_messages["invalid_choice"] = (
                "Hồ sơ đã gửi đang dùng bản này nên không thêm tệp vào được. Lập bản mới."
            )


class RegisterSearchForm(VietnameseForm):
    q = forms.CharField(
        label="Tìm trong kho, không cần dấu",
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "số, trích yếu, 2.1.2…"}),
    )
    lacking = forms.BooleanField(label="Chỉ văn bản thiếu thông tin", required=False)
    every_round = forms.BooleanField(label="Cả văn bản của các đợt khác", required=False)

    def __init__(self, *args, pilot_round: PilotRound | None = None, **kwargs):
        """With the round that the page is about, where it is not a unit's own register."""
        super().__init__(*args, **kwargs)
        self._pilot_round = pilot_round
        if pilot_round is None:
            del self.fields["every_round"]

    @property
    def pilot_round(self) -> PilotRound | None:
        """The round whose papers are asked for; None for those of every round."""
        wants_every = self.is_valid() and self.cleaned_data.get("every_round")
        return None if wants_every else self._pilot_round

    def narrowed(self, documents):
        """The papers that answer the question; all of them where it makes no sense."""
        if not self.is_valid():
            return documents
        if self.cleaned_data["q"]:
            documents = documents.matching(self.cleaned_data["q"])
        if self.cleaned_data["lacking"]:
            documents = documents.lacking()
        return documents


class PickForm(VietnameseForm):
    """Papers chosen from the register, each with the page cited, typed in `cited-<pk>`."""

    document = KeysField(
        queryset=Document.objects.none(),
        error_messages={
            "required": "Đánh dấu ít nhất một văn bản.",
            "invalid_choice": "Văn bản này không có trong kho của đơn vị. Tải lại trang.",
            "invalid_pk_value": "Văn bản này không có trong kho của đơn vị. Tải lại trang.",
        },
    )

    def __init__(self, data, *, unit_id: int):
        super().__init__(data)
        self.fields["document"].queryset = Document.objects.filter(unit=unit_id)
        for key in data.getlist("document"):
            self.fields[f"cited-{key}"] = CitedField()

    def cited(self, document: Document) -> str:
        return self.cleaned_data[f"cited-{document.pk}"]
