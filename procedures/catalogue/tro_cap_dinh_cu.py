"""2. Trợ cấp một lần khi người đang hưởng lương hưu, trợ cấp hàng tháng ra nước ngoài định cư."""

from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import settle_abroad
from procedures.domain.conditions import When
from procedures.domain.definition import (
    Branch,
    Criterion,
    Deadline,
    Kind,
    Precheck,
    Procedure,
    Question,
    Refusal,
    Result,
    Route,
    Step,
    Unit,
    Verdict,
    branch_choices,
)
from procedures.domain.papers import AUTHORIZATION, SETTLEMENT_GROUP, request_form, settlement_papers
from procedures.domain.questions import (
    PAYMENT_STEP,
    PERSON_STEP,
    REPRESENTATIVE_STEP,
    SETTLEMENT_PAPER_CHOICES,
    choice,
    count,
)
from procedures.domain.sources import KNOWN, UNSURE, circular_59, decision_166, law_41, law_58, vss_sheet

PENSION = When("benefit", "luong_huu")
COMMUNE = When("benefit", "tro_cap_can_bo_xa")
LIKE_A_PENSION = When("benefit", "luong_huu", "tro_cap_can_bo_xa")
PAPERS = law_58("khoản 2, khoản 3, khoản 5 Điều 109")
PENSION_RULE = law_58("khoản 2 Điều 65")
PAYING_PLACE = vss_sheet()

BRANCHES = (
    Branch(
        "luong_huu",
        "Đang hưởng lương hưu (bắt buộc hoặc tự nguyện)",
        "Đang nhận lương hưu hàng tháng; lương hưu tự nguyện theo khoản 5 Điều 77.",
        law_58("khoản 1, khoản 2 Điều 65"),
        PENSION,
    ),
    Branch(
        "tro_cap_can_bo_xa",
        "Đang hưởng trợ cấp hàng tháng của cán bộ xã (Nghị định 09/1998/NĐ-CP)",
        "Tính như người hưởng lương hưu.",
        circular_59("khoản 3 Điều 21"),
        COMMUNE,
    ),
    Branch(
        "tro_cap_hang_thang",
        "Đang hưởng trợ cấp mất sức, tai nạn lao động, bệnh nghề nghiệp, tuất, công nhân cao su, QĐ 91, QĐ 613",
        "Bằng 3 tháng trợ cấp đang hưởng.",
        circular_59("khoản 4 Điều 21"),
        When("benefit", "tro_cap_hang_thang"),
    ),
)


BENEFIT_STEP = Step(
    name="tro_cap",
    title="Lương hưu, trợ cấp đang hưởng",
    shows_estimate=True,
    questions=(
        choice("benefit", "Ông/bà đang hưởng khoản nào?", branch_choices(BRANCHES), law_58("Điều 65")),
        Question("paying_province", "Nơi đang trả lương hưu, trợ cấp", Kind.PROVINCE, basis=PAYING_PLACE),
        Question(
            "monthly_amount", "Mức đang hưởng mỗi tháng (đồng)", Kind.MONEY, minimum=1, basis=PENSION_RULE
        ),
        count("months_received", "Đã nhận được bao nhiêu tháng?", PENSION_RULE, LIKE_A_PENSION, most=900),
        count(
            "years_before_2014",
            "Số năm đóng BHXH trước 01/01/2014",
            PENSION_RULE,
            LIKE_A_PENSION,
            most=60,
            help="Chỉ tính thời gian thực tế, không tính thời gian quy đổi. Xem trong quyết định hưởng lương hưu.",
        ),
        count(
            "odd_months_before_2014",
            "… và số tháng lẻ trước 01/01/2014",
            PENSION_RULE,
            LIKE_A_PENSION,
            most=11,
            required=False,
        ),
        count("years_from_2014", "Số năm đóng BHXH từ 01/01/2014", PENSION_RULE, LIKE_A_PENSION, most=60),
        count(
            "odd_months_from_2014",
            "… và số tháng lẻ từ 01/01/2014",
            PENSION_RULE,
            LIKE_A_PENSION,
            most=11,
            required=False,
        ),
    ),
)

SETTLEMENT_STEP = Step(
    name="dinh_cu",
    title="Định cư ở nước ngoài",
    questions=(
        Question("country", "Nước ông/bà sẽ định cư", basis=PAPERS),
        choice(
            "settlement_paper",
            "Ông/bà có giấy tờ định cư nào?",
            SETTLEMENT_PAPER_CHOICES,
            PAPERS,
            required=False,
            help="Chỉ cần một loại. Chưa chắc thì để trống.",
        ),
    ),
)

PRECHECK = Precheck(
    questions=(
        Question(
            "draws_monthly", "Ông/bà có đang hưởng lương hưu hay trợ cấp BHXH hàng tháng không?", Kind.YES_NO
        ),
        Question("has_settlement_paper", "Ông/bà đã có một trong các giấy tờ định cư chưa?", Kind.YES_NO),
    ),
    criteria=(
        Criterion(
            When("draws_monthly", False),
            Verdict.UNLIKELY,
            "Thủ tục này dành cho người đang hưởng hàng tháng. Người chưa hưởng thì xem “BHXH một lần”.",
            law_58("khoản 1 Điều 65"),
        ),
        Criterion(
            When("has_settlement_paper"),
            Verdict.LIKELY,
            "Đang hưởng hàng tháng và có giấy tờ định cư thì được trợ cấp một lần.",
            law_58("khoản 1 Điều 65, khoản 3 Điều 109"),
        ),
        Criterion(
            When("has_settlement_paper", False),
            Verdict.CANNOT_TELL,
            "Cần một trong các giấy tờ định cư luật quy định; ông/bà nên có giấy tờ rồi nộp.",
            law_58("khoản 3 Điều 109"),
        ),
    ),
)

PROCEDURE = Procedure(
    code="tro_cap_dinh_cu",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=2,
    name="Giải quyết hưởng trợ cấp một lần đối với người đang hưởng lương hưu, trợ cấp BHXH hàng tháng "
    "ra nước ngoài để định cư",
    plain_name="Nhận một lần khi ra nước ngoài định cư",
    summary="Người đang nhận lương hưu, trợ cấp hàng tháng ra nước ngoài ở hẳn thì nhận một lần.",
    keywords="đi nước ngoài, xuất cảnh, đoàn tụ, hưu trí",
    form="14-HSB",
    legal_basis=(law_58("Điều 65, khoản 5 Điều 77, khoản 5 Điều 109, Điều 110"), circular_59("Điều 21")),
    who_may_file="Người đang hưởng lương hưu hoặc trợ cấp BHXH hàng tháng.",
    who_basis=law_58("khoản 1 Điều 65"),
    branches=BRANCHES,
    steps=(PERSON_STEP, BENEFIT_STEP, SETTLEMENT_STEP, PAYMENT_STEP, REPRESENTATIVE_STEP),
    rules=(*cautions.PERSON_RULES, *cautions.PAYMENT_RULES),
    documents=(request_form(PAPERS), *settlement_papers(), AUTHORIZATION),
    groups=(SETTLEMENT_GROUP,),
    deadlines=(
        Deadline(10, Unit.DAY, law_58("khoản 4 Điều 110")),
        Deadline(5, Unit.WORKING_DAY, decision_166("", UNSURE), is_service=True),
    ),
    agency="BHXH huyện hoặc BHXH tỉnh nơi đang chi trả lương hưu, trợ cấp",
    agency_basis=PAYING_PLACE,
    routes=(Route("paying_province", "Nơi đang trả lương hưu, trợ cấp cho ông/bà", PAYING_PLACE),),
    results=(
        Result("Quyết định hưởng trợ cấp một lần đối với người ra nước ngoài định cư", vss_sheet("", KNOWN)),
        Result("Chấm dứt chi trả hàng tháng (thông báo, danh sách cắt giảm)", vss_sheet("", UNSURE)),
    ),
    refusals=(
        Refusal(
            "khong_dang_huong", "Ông/bà không thuộc diện đang hưởng hàng tháng.", law_58("khoản 1 Điều 65")
        ),
        Refusal(
            "giay_to_dinh_cu",
            "Giấy tờ về định cư không thuộc các loại luật quy định.",
            law_58("khoản 3 Điều 109"),
        ),
    ),
    precheck=PRECHECK,
    estimate=settle_abroad.estimate,
    formula="Lương hưu: (1,5 × số năm đóng trước 2014 + 2 × số năm từ 2014 − 0,5 × số tháng đã hưởng) × mức đang "
    "hưởng, ít nhất 3 tháng. Trợ cấp hàng tháng khác: 3 tháng đang hưởng.",
    changes_since=(
        (date(2025, 7, 1), "Cách tính như cũ; thời hạn 7 ngày làm việc.", law_41("Điều 76, Điều 115")),
    ),
)
