"""Cite both papers of the pilot in full: with what they are about (Nghị định 30/2020/NĐ-CP).

The two sets of Kế hoạch 02 rest on the same papers as before; reports cite them by these words, so
that a set in use is still the one that its fixture holds.
"""

from django.db import migrations

PLAN = "Kế hoạch số 02/KH-UBND ngày 04/01/2022 của Ủy ban nhân dân thành phố Hải Phòng"
ABOUT_PLAN = " triển khai thí điểm công nhận quận/huyện học tập, thành phố học tập"
LETTER = (
    "; căn cứ Bộ tiêu chí ban hành kèm theo Công văn số 5195/BGDĐT-GDTX ngày 12/11/2021 của "
    "Bộ Giáo dục và Đào tạo"
)
ABOUT_LETTER = " về triển khai thí điểm công nhận huyện/thành phố học tập, tỉnh/thành phố học tập"
ANNEXED = {
    "quan-huyen-2022": ", Phụ lục I và Phụ lục III",
    "thanh-pho-2022": ", Phụ lục I và Phụ lục II",
}


def cited(code, in_full):
    about_plan, about_letter = (ABOUT_PLAN, ABOUT_LETTER) if in_full else ("", "")
    return f"{PLAN}{about_plan}{ANNEXED[code]}{LETTER}{about_letter}"


def cite_in_full(apps, schema_editor):
    _say(apps, in_full=True)


def cite_in_short(apps, schema_editor):
    _say(apps, in_full=False)


def _say(apps, in_full):
    sets = apps.get_model("criteria", "CriteriaSet").objects
    for code in ANNEXED:
        same = sets.filter(code=code, legal_basis=cited(code, not in_full))
        same.update(legal_basis=cited(code, in_full))


class Migration(migrations.Migration):
    dependencies = [("criteria", "0004_who_made_a_version")]
    operations = [migrations.RunPython(cite_in_full, cite_in_short)]
