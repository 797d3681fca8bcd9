"""How each component looks, in either format: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục V."""

from tests.reports.form.expected import Kind

# Bold, italic, least and greatest size.
LOOKS = {
    Kind.SUPERIOR: (False, False, 12, 13),
    Kind.ISSUER: (True, False, 12, 13),
    Kind.NATION: (True, False, 12, 13),
    Kind.MOTTO: (True, False, 13, 14),
    Kind.NUMBER: (False, False, 13, 13),
    Kind.ABOUT: (False, False, 12, 13),
    Kind.PLACE: (False, True, 13, 14),
    Kind.NAME: (True, False, 13, 14),
    Kind.SUBJECT: (True, False, 13, 14),
    Kind.MARK: (True, False, 13, 14),
    Kind.AUTHORITY: (True, False, 13, 14),
    Kind.COMMAND: (True, False, 13, 14),
    Kind.ADDRESSEE: (False, False, 13, 14),
    Kind.BASIS: (False, True, 13, 14),
    Kind.BODY: (False, False, 13, 14),
    Kind.STRONG: (True, False, 13, 14),
    Kind.CLOSING: (False, False, 13, 14),
    Kind.HEADING_1: (True, False, 13, 14),
    Kind.HEADING_2: (True, False, 13, 14),
    Kind.HEADING_3: (True, False, 13, 14),
    Kind.FOR: (True, True, 12, 12),
    Kind.RECIPIENT: (False, False, 11, 11),
    Kind.AUTHORITY_OF_SIGNER: (True, False, 13, 14),
    Kind.POSITION: (True, False, 13, 14),
    Kind.SIGNER: (True, False, 13, 14),
    Kind.APPENDIX: (True, False, 14, 14),
    Kind.APPENDIX_TITLE: (True, False, 13, 14),
    Kind.ANNEXED: (False, True, 13, 14),
}
