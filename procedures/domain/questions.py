"""Groups of questions several procedures ask: the person, the money, the representative, the history."""

from dataclasses import replace

from procedures.domain import ask
from procedures.domain.benefits.history import TABLE, WageKind
from procedures.domain.conditions import ALWAYS, Condition, When
from procedures.domain.definition import Basis, Question, Step
from procedures.domain.sources import KNOWN, law_58, vss_sheet

SEXES = ask.options(nam="Nam", nu="Nữ")

_FORM = vss_sheet("mẫu 14-HSB trong", KNOWN)

# The fields every form asks of the person who files; known ones come from the registration.
PERSON_QUESTIONS = (
    ask.person("full_name", "Họ và tên", _FORM, prefill="full_name"),
    ask.past_day("birth_date", "Ngày sinh", _FORM, prefill="birth_date"),
    ask.choice("sex", "Giới tính", SEXES, _FORM, prefill="sex"),
    ask.bhxh_number(
        "bhxh_number",
        "Mã số BHXH",
        _FORM,
        help="10 chữ số, ghi trên sổ BHXH; cũng là 10 số cuối của thẻ BHYT.",
        prefill="bhxh_number",
    ),
    ask.identity_number("identity_number", "Số CMND, CCCD hoặc hộ chiếu", _FORM, prefill="identity_number"),
    ask.past_day("identity_issued_on", "Ngày cấp", _FORM),
    ask.text("identity_issued_by", "Nơi cấp", _FORM, help="Ví dụ: Công an Hà Nội"),
    ask.phone("phone", "Số điện thoại di động", _FORM, prefill="phone"),
    ask.email("email", "Email", _FORM, required=False, prefill="email"),
    ask.address(
        "address", "Nơi cư trú", _FORM, help="Nơi ông/bà đang ở, ghi đến xã, phường.", prefill="address"
    ),
)

PERSON_STEP = Step(
    name="nguoi_nop",
    title="Người nộp hồ sơ",
    intro="Những ô đã biết từ lúc đăng ký được điền sẵn. Ông/bà xem lại và sửa nếu cần.",
    questions=PERSON_QUESTIONS,
)

_BY_ACCOUNT = When("payment_method", "account")

PAYMENT_QUESTIONS = (
    ask.choice(
        "payment_method",
        "Ông/bà muốn nhận tiền bằng cách nào?",
        ask.options(
            account="Chuyển vào tài khoản ngân hàng của ông/bà",
            cash="Tiền mặt tại cơ quan BHXH",
            post="Tiền mặt qua bưu điện",
        ),
        _FORM,
    ),
    ask.bank("bank", "Ngân hàng", _FORM, _BY_ACCOUNT),
    ask.text("bank_branch", "Chi nhánh", _FORM, _BY_ACCOUNT, required=False),
    ask.bank_account("account_number", "Số tài khoản", _FORM, _BY_ACCOUNT),
    ask.person(
        "account_holder",
        "Tên chủ tài khoản",
        _FORM,
        _BY_ACCOUNT,
        help="Đúng như tên in trên thẻ hoặc sổ ngân hàng.",
        prefill="full_name",
    ),
)

RESULT_QUESTION = ask.choice(
    "result_delivery",
    "Ông/bà muốn nhận giấy tờ kết quả ở đâu?",
    ask.options(office="Tại cơ quan BHXH nơi giải quyết", post="Qua bưu điện, về nơi cư trú đã khai"),
    _FORM,
)

PAYMENT_STEP = Step(
    name="nhan_tien", title="Nhận tiền và kết quả", questions=(*PAYMENT_QUESTIONS, RESULT_QUESTION)
)

RESULT_STEP = Step(name="nhan_ket_qua", title="Nhận kết quả", questions=(RESULT_QUESTION,))

_REPRESENTED = When("representative")
_AUTHORIZATION = vss_sheet("mẫu 13-HSB trong")

REPRESENTATIVE_STEP = Step(
    name="nguoi_dai_dien",
    title="Người làm thay",
    intro="Nếu ông/bà tự làm hết, chọn “Không” rồi đi tiếp.",
    questions=(
        ask.yes_no(
            "representative",
            "Có ai nộp giấy tờ hoặc nhận kết quả, nhận tiền thay ông/bà không?",
            _AUTHORIZATION,
        ),
        ask.person("representative_name", "Họ và tên người làm thay", _AUTHORIZATION, _REPRESENTED),
        ask.identity_number(
            "representative_identity_number",
            "Số CMND, CCCD hoặc hộ chiếu của người làm thay",
            _AUTHORIZATION,
            _REPRESENTED,
        ),
        ask.phone("representative_phone", "Số điện thoại của người làm thay", _AUTHORIZATION, _REPRESENTED),
        ask.choice(
            "representative_scope",
            "Người này được làm thay việc gì?",
            ask.options(file="Nộp giấy tờ và nhận kết quả", collect="Nhận tiền", both="Cả hai việc"),
            _AUTHORIZATION,
            _REPRESENTED,
        ),
    ),
)

SETTLEMENT_PAPER_CHOICES = ask.options(
    thoi_quoc_tich="Giấy xác nhận đã thôi quốc tịch Việt Nam",
    ho_chieu_nuoc_ngoai="Hộ chiếu nước ngoài",
    thi_thuc_dinh_cu="Thị thực (visa) ghi lý do định cư",
    dang_nhap_tich="Giấy xác nhận đang làm thủ tục nhập quốc tịch nước ngoài",
    the_thuong_tru="Thẻ thường trú, cư trú từ 5 năm trở lên",
)


def settlement_paper(basis: Basis, when: Condition = ALWAYS) -> Question:
    """Which of the five papers the person has, so that only that one is asked for."""
    return ask.choice(
        "settlement_paper",
        "Ông/bà có giấy tờ định cư nào?",
        SETTLEMENT_PAPER_CHOICES,
        basis,
        when,
        help="Chỉ cần một loại. Chưa chắc thì để trống.",
        required=False,
    )


_PAID_IN_MONEY = When("wage_kind", WageKind.EMPLOYER.value, WageKind.VOLUNTARY.value)

# The same basis for every column: what is written in the book.
_BOOK = law_58("Điều 96", KNOWN)

_WAGE_KIND = ask.choice(
    "wage_kind",
    "Đóng theo",
    ask.options(
        employer="Lương do đơn vị, doanh nghiệp trả",
        state_scale="Hệ số lương Nhà nước",
        voluntary="BHXH tự nguyện",
    ),
    law_58("Điều 62"),
)
_WAGE = ask.money("monthly_wage", "Mức lương hoặc thu nhập đóng mỗi tháng (đồng)", _BOOK, _PAID_IN_MONEY)
_SUPPORT = ask.money(
    "state_support",
    "Nhà nước hỗ trợ mỗi tháng (đồng), nếu có",
    law_58("khoản 3 Điều 60"),
    When("wage_kind", WageKind.VOLUNTARY.value),
    required=False,
)

HISTORY_QUESTION = ask.table(
    TABLE,
    "Quá trình đóng BHXH",
    "giai đoạn",
    (
        ask.month("from_month", "Từ tháng", _BOOK),
        ask.month("to_month", "Đến hết tháng", _BOOK),
        replace(_WAGE_KIND, repeats=True),
        replace(_WAGE, maximum=1_000_000_000),
        ask.coefficient(
            "coefficient",
            "Hệ số lương",
            _BOOK,
            When("wage_kind", WageKind.STATE_SCALE.value),
            help="Ví dụ 3,33. Cộng cả phụ cấp chức vụ, thâm niên nếu có ghi trong sổ.",
        ),
        replace(_SUPPORT, minimum=0, maximum=10_000_000),
    ),
    _BOOK,
    help="Chép theo sổ BHXH hoặc tờ rời. Mỗi lần mức lương thay đổi là một giai đoạn.",
)

HISTORY_STEP = Step(
    name="qua_trinh", title="Quá trình đóng BHXH", questions=(HISTORY_QUESTION,), shows_estimate=True
)
