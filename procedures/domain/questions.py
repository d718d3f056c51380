"""Groups of questions several procedures ask: the person, the money, the representative, the history."""

from procedures.domain.benefits.history import TABLE, WageKind
from procedures.domain.conditions import ALWAYS, Condition, When
from procedures.domain.definition import Basis, Choice, Kind, Question, Step
from procedures.domain.sources import KNOWN, law_58, vss_sheet


def yes_no(name: str, label: str, basis: Basis, when: Condition = ALWAYS, *, help: str = "") -> Question:
    return Question(name, label, Kind.YES_NO, help=help, when=when, basis=basis)


def choice(
    name: str,
    label: str,
    choices: tuple[Choice, ...],
    basis: Basis,
    when: Condition = ALWAYS,
    *,
    help: str = "",
    required: bool = True,
) -> Question:
    return Question(
        name, label, Kind.CHOICE, help=help, required=required, when=when, choices=choices, basis=basis
    )


def count(
    name: str,
    label: str,
    basis: Basis,
    when: Condition = ALWAYS,
    *,
    most: int,
    help: str = "",
    required: bool = True,
) -> Question:
    """A whole number from 0 on: years, months, people."""
    return Question(
        name,
        label,
        Kind.INTEGER,
        help=help,
        required=required,
        when=when,
        minimum=0,
        maximum=most,
        basis=basis,
    )


SEXES = (Choice("nam", "Nam"), Choice("nu", "Nữ"))

_FORM = vss_sheet("mẫu 14-HSB trong", KNOWN)

# The fields every form asks of the person who files; known ones come from the registration.
PERSON_QUESTIONS = (
    Question(name="full_name", label="Họ và tên", kind=Kind.NAME, prefill="full_name", basis=_FORM),
    Question(
        name="birth_date",
        label="Ngày sinh",
        kind=Kind.DATE,
        not_future=True,
        prefill="birth_date",
        basis=_FORM,
    ),
    Question(name="sex", label="Giới tính", kind=Kind.CHOICE, choices=SEXES, prefill="sex", basis=_FORM),
    Question(
        name="bhxh_number",
        label="Mã số BHXH",
        kind=Kind.BHXH_NUMBER,
        help="10 chữ số, ghi trên sổ BHXH; cũng là 10 số cuối của thẻ BHYT.",
        prefill="bhxh_number",
        basis=_FORM,
    ),
    Question(
        name="identity_number",
        label="Số CMND, CCCD hoặc hộ chiếu",
        kind=Kind.IDENTITY_NUMBER,
        prefill="identity_number",
        basis=_FORM,
    ),
    Question(name="identity_issued_on", label="Ngày cấp", kind=Kind.DATE, not_future=True, basis=_FORM),
    Question(name="identity_issued_by", label="Nơi cấp", help="Ví dụ: Công an Hà Nội", basis=_FORM),
    Question(name="phone", label="Số điện thoại di động", kind=Kind.PHONE, prefill="phone", basis=_FORM),
    Question(name="email", label="Email", kind=Kind.EMAIL, required=False, prefill="email", basis=_FORM),
    Question(
        name="address",
        label="Nơi cư trú",
        kind=Kind.ADDRESS,
        help="Nơi ông/bà đang ở, ghi đến xã, phường.",
        prefill="address",
        basis=_FORM,
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
    Question(
        name="payment_method",
        label="Ông/bà muốn nhận tiền bằng cách nào?",
        kind=Kind.CHOICE,
        choices=(
            Choice("account", "Chuyển vào tài khoản ngân hàng của ông/bà"),
            Choice("cash", "Tiền mặt tại cơ quan BHXH"),
            Choice("post", "Tiền mặt qua bưu điện"),
        ),
        basis=_FORM,
    ),
    Question(name="bank", label="Ngân hàng", kind=Kind.BANK, when=_BY_ACCOUNT, basis=_FORM),
    Question(name="bank_branch", label="Chi nhánh", required=False, when=_BY_ACCOUNT, basis=_FORM),
    Question(
        name="account_number", label="Số tài khoản", kind=Kind.BANK_ACCOUNT, when=_BY_ACCOUNT, basis=_FORM
    ),
    Question(
        name="account_holder",
        label="Tên chủ tài khoản",
        kind=Kind.NAME,
        help="Đúng như tên in trên thẻ hoặc sổ ngân hàng.",
        when=_BY_ACCOUNT,
        prefill="full_name",
        basis=_FORM,
    ),
)

RESULT_QUESTION = Question(
    name="result_delivery",
    label="Ông/bà muốn nhận giấy tờ kết quả ở đâu?",
    kind=Kind.CHOICE,
    choices=(
        Choice("office", "Tại cơ quan BHXH nơi giải quyết"),
        Choice("post", "Qua bưu điện, về nơi cư trú đã khai"),
    ),
    basis=_FORM,
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
        Question(
            name="representative",
            label="Có ai nộp giấy tờ hoặc nhận kết quả, nhận tiền thay ông/bà không?",
            kind=Kind.YES_NO,
            basis=_AUTHORIZATION,
        ),
        Question(
            name="representative_name",
            label="Họ và tên người làm thay",
            kind=Kind.NAME,
            when=_REPRESENTED,
            basis=_AUTHORIZATION,
        ),
        Question(
            name="representative_identity_number",
            label="Số CMND, CCCD hoặc hộ chiếu của người làm thay",
            kind=Kind.IDENTITY_NUMBER,
            when=_REPRESENTED,
            basis=_AUTHORIZATION,
        ),
        Question(
            name="representative_phone",
            label="Số điện thoại của người làm thay",
            kind=Kind.PHONE,
            when=_REPRESENTED,
            basis=_AUTHORIZATION,
        ),
        Question(
            name="representative_scope",
            label="Người này được làm thay việc gì?",
            kind=Kind.CHOICE,
            choices=(
                Choice("file", "Nộp giấy tờ và nhận kết quả"),
                Choice("collect", "Nhận tiền"),
                Choice("both", "Cả hai việc"),
            ),
            when=_REPRESENTED,
            basis=_AUTHORIZATION,
        ),
    ),
)

SETTLEMENT_PAPER_CHOICES = (
    Choice("thoi_quoc_tich", "Giấy xác nhận đã thôi quốc tịch Việt Nam"),
    Choice("ho_chieu_nuoc_ngoai", "Hộ chiếu nước ngoài"),
    Choice("thi_thuc_dinh_cu", "Thị thực (visa) ghi lý do định cư"),
    Choice("dang_nhap_tich", "Giấy xác nhận đang làm thủ tục nhập quốc tịch nước ngoài"),
    Choice("the_thuong_tru", "Thẻ thường trú, cư trú từ 5 năm trở lên"),
)

_PAID_IN_MONEY = When("wage_kind", WageKind.EMPLOYER.value, WageKind.VOLUNTARY.value)

# The same basis for every column: what is written in the book.
_BOOK = law_58("Điều 96", KNOWN)

HISTORY_QUESTION = Question(
    name=TABLE,
    label="Quá trình đóng BHXH",
    kind=Kind.TABLE,
    help="Chép theo sổ BHXH hoặc tờ rời. Mỗi lần mức lương thay đổi là một giai đoạn.",
    row_name="giai đoạn",
    columns=(
        Question(name="from_month", label="Từ tháng", kind=Kind.MONTH, basis=_BOOK),
        Question(name="to_month", label="Đến hết tháng", kind=Kind.MONTH, basis=_BOOK),
        Question(
            name="wage_kind",
            label="Đóng theo",
            kind=Kind.CHOICE,
            choices=(
                Choice(WageKind.EMPLOYER.value, "Lương do đơn vị, doanh nghiệp trả"),
                Choice(WageKind.STATE_SCALE.value, "Hệ số lương Nhà nước"),
                Choice(WageKind.VOLUNTARY.value, "BHXH tự nguyện"),
            ),
            basis=law_58("Điều 62"),
            repeats=True,
        ),
        Question(
            name="monthly_wage",
            label="Mức lương hoặc thu nhập đóng mỗi tháng (đồng)",
            kind=Kind.MONEY,
            minimum=1,
            maximum=1_000_000_000,
            when=_PAID_IN_MONEY,
            basis=_BOOK,
        ),
        Question(
            name="coefficient",
            label="Hệ số lương",
            kind=Kind.DECIMAL,
            help="Ví dụ 3,33. Cộng cả phụ cấp chức vụ, thâm niên nếu có ghi trong sổ.",
            when=When("wage_kind", WageKind.STATE_SCALE.value),
            basis=_BOOK,
        ),
        Question(
            name="state_support",
            label="Nhà nước hỗ trợ mỗi tháng (đồng), nếu có",
            kind=Kind.MONEY,
            required=False,
            minimum=0,
            maximum=10_000_000,
            when=When("wage_kind", WageKind.VOLUNTARY.value),
            basis=law_58("khoản 3 Điều 60"),
        ),
    ),
    basis=_BOOK,
)

HISTORY_STEP = Step(
    name="qua_trinh", title="Quá trình đóng BHXH", questions=(HISTORY_QUESTION,), shows_estimate=True
)
