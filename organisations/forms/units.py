from django import forms

from organisations.dates import DayField
from organisations.forms.unit_field import UnitField
from organisations.models import Organisation
from organisations.nfc_forms import VietnameseForm, VietnameseModelForm

Kind = Organisation.Kind
ENDS = " .;,"


class UnitFilterForm(VietnameseForm):
    """What the list of units is narrowed to; an impossible date narrows nothing and says so."""

    q = forms.CharField(label="Tìm tên hoặc mã, không cần dấu", max_length=100, required=False)
    kind = forms.ChoiceField(label="Cấp", choices=[("", "Mọi cấp"), *Kind.choices], required=False)
    district = UnitField(
        label="Thuộc quận, huyện",
        queryset=Organisation.objects.districts(),
        empty_label="Mọi quận, huyện",
        required=False,
    )
    on = DayField(
        label="Có hiệu lực vào ngày",
        required=False,
        error_messages={"invalid": "Ghi ngày theo dạng 31/12/2022."},
        widget=forms.DateInput(attrs={"placeholder": "mọi thời kỳ", "inputmode": "numeric"}),
    )

    def narrowed(self, units):
        if not self.is_valid():
            return units
        chosen = self.cleaned_data
        if chosen["q"]:
            units = units.matching(chosen["q"])
        if chosen["kind"]:
            units = units.filter(kind=chosen["kind"])
        if chosen["district"]:
            units = units.filter(parent=chosen["district"])
        if chosen["on"]:
            units = units.in_force(chosen["on"])
        return units


class LetterheadForm(VietnameseModelForm):
    """What the head and foot of a unit's official papers say; names and codes come by file."""

    class Meta:
        model = Organisation
        fields = [
            "short_name",
            "superior_name",
            "issuer_name",
            "document_code",
            "place",
            "signing_authority",
            "signer_position",
            "signer_name",
            "drafting_unit",
            "standing_recipients",
        ]
        widgets = {"standing_recipients": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "short_name": "Dùng trong bảng, ví dụ Vĩnh Bảo.",
            "superior_name": "In trên tên cơ quan ban hành; Ủy ban nhân dân để trống.",
            "issuer_name": "Ví dụ Ủy ban nhân dân huyện Vĩnh Bảo.",
            "document_code": "Phần sau loại văn bản: 12/BC-UBND thì ghi UBND.",
            "place": "Trước ngày tháng: Vĩnh Bảo, ngày … tháng … năm …",
            "signing_authority": "TM. ỦY BAN NHÂN DÂN; cơ quan theo chế độ thủ trưởng để trống.",
            "signer_position": "Ví dụ CHỦ TỊCH hoặc KT. CHỦ TỊCH, PHÓ CHỦ TỊCH.",
            "signer_name": "Không ghi học hàm, học vị.",
            "drafting_unit": "Tên viết tắt, in ở dòng cuối của nơi nhận: ghi GDTX thì in “Lưu: VT, "
            "GDTX.”; để trống thì in “Lưu: VT.”.",
            "standing_recipients": "Mỗi dòng một nơi, ví dụ Thường trực Huyện ủy (để báo cáo). In "
            "trong mọi văn bản của đơn vị, sau những nơi mà báo cáo tự ghi (“Như trên”, đơn vị "
            "phải thực hiện), trước dòng “Lưu”. Không cần gạch đầu dòng và dấu chấm phẩy.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("issuer_name", "place"):
            self.fields[name].required = True

    def clean_drafting_unit(self):
        return self.cleaned_data["drafting_unit"].strip(ENDS)

    def clean_standing_recipients(self):
        """Without the dashes and end marks that the paper puts, as pasted from an older one."""
        lines = self.cleaned_data["standing_recipients"].splitlines()
        bare = (" ".join(line.split()).lstrip("-–+• ").rstrip(ENDS) for line in lines)
        return "\n".join(filter(None, bare))
