"""2. Trợ cấp một lần khi người đang hưởng lương hưu, trợ cấp hàng tháng ra nước ngoài định cư."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.benefits import settle_abroad
from procedures.domain.conditions import When
from procedures.domain.precheck import cannot_tell, likely, unlikely

PENSION = When("benefit", "luong_huu")
COMMUNE = When("benefit", "tro_cap_can_bo_xa")
LIKE_A_PENSION = When("benefit", "luong_huu", "tro_cap_can_bo_xa")

ENTITLED, PENSION_RULE = law.law_58("khoản 1 Điều 65"), law.law_58("khoản 2 Điều 65")
PAPERS, SETTLEMENT = law.law_58("khoản 2, khoản 3, khoản 5 Điều 109"), law.law_58("khoản 3 Điều 109")
PAYING_PLACE = law.vss_sheet()

BRANCHES = (
    d.Branch("luong_huu", "Đang hưởng lương hưu (bắt buộc hoặc tự nguyện)",
        "Đang nhận lương hưu hàng tháng; lương hưu tự nguyện theo khoản 5 Điều 77.",
        law.law_58("khoản 1, khoản 2 Điều 65"), PENSION),
    d.Branch("tro_cap_can_bo_xa", "Đang hưởng trợ cấp hàng tháng của cán bộ xã (Nghị định 09/1998/NĐ-CP)",
        "Tính như người hưởng lương hưu.", law.circular_59("khoản 3 Điều 21"), COMMUNE),
    d.Branch("tro_cap_hang_thang",
        "Đang hưởng trợ cấp mất sức, tai nạn lao động, bệnh nghề nghiệp, tuất, công nhân cao su, QĐ 91, QĐ 613",
        "Bằng 3 tháng trợ cấp đang hưởng.", law.circular_59("khoản 4 Điều 21"), When("benefit", "tro_cap_hang_thang")),
)

PROCEDURE = d.Procedure(
    code="tro_cap_dinh_cu", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=2,
    name="Giải quyết hưởng trợ cấp một lần đối với người đang hưởng lương hưu, trợ cấp BHXH hàng tháng "
        "ra nước ngoài để định cư",
    plain_name="Nhận một lần khi ra nước ngoài định cư", form="14-HSB",
    summary="Người đang nhận lương hưu, trợ cấp hàng tháng ra nước ngoài ở hẳn thì nhận một lần.",
    keywords="đi nước ngoài, xuất cảnh, đoàn tụ, hưu trí",
    legal_basis=(
        law.law_58("Điều 65, khoản 5 Điều 77, khoản 5 Điều 109, Điều 110"),
        law.circular_59("Điều 21"),
    ),
    who_may_file="Người đang hưởng lương hưu hoặc trợ cấp BHXH hàng tháng.",
    who_basis=ENTITLED,
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            ask.yes_no("draws_monthly", "Ông/bà có đang hưởng lương hưu hay trợ cấp BHXH hàng tháng không?", ENTITLED),
            ask.yes_no("has_settlement_paper", "Ông/bà đã có một trong các giấy tờ định cư chưa?", SETTLEMENT),
        ),
        criteria=(
            unlikely(When("draws_monthly", False),
                "Thủ tục này dành cho người đang hưởng hàng tháng. Người chưa hưởng thì xem “BHXH một lần”.", ENTITLED),
            likely(When("has_settlement_paper"),
                "Đang hưởng hàng tháng và có giấy tờ định cư thì được trợ cấp một lần.",
                law.law_58("khoản 1 Điều 65, khoản 3 Điều 109")),
            cannot_tell(When("has_settlement_paper", False),
                "Cần một trong các giấy tờ định cư luật quy định; ông/bà nên có giấy tờ rồi nộp.", SETTLEMENT),
        ),
    ),
    agency="BHXH huyện hoặc BHXH tỉnh nơi đang chi trả lương hưu, trợ cấp",
    agency_basis=PAYING_PLACE,
    routes=(d.Route("paying_province", "Nơi đang trả lương hưu, trợ cấp cho ông/bà", PAYING_PLACE),),
    steps=(
        questions.PERSON_STEP,
        d.Step("tro_cap", "Lương hưu, trợ cấp đang hưởng", (
            ask.choice("benefit", "Ông/bà đang hưởng khoản nào?", d.branch_choices(BRANCHES), law.law_58("Điều 65")),
            ask.province("paying_province", "Nơi đang trả lương hưu, trợ cấp", PAYING_PLACE),
            ask.money("monthly_amount", "Mức đang hưởng mỗi tháng (đồng)", PENSION_RULE),
            ask.count("months_received", "Đã nhận được bao nhiêu tháng?", PENSION_RULE, LIKE_A_PENSION, most=900),
            ask.count("years_before_2014", "Số năm đóng BHXH trước 01/01/2014", PENSION_RULE, LIKE_A_PENSION, most=60,
                help="Chỉ tính thời gian thực tế, không tính thời gian quy đổi. Xem trong quyết định hưởng lương hưu."),
            ask.count("odd_months_before_2014", "… và số tháng lẻ trước 01/01/2014", PENSION_RULE, LIKE_A_PENSION,
                most=11, required=False),
            ask.count("years_from_2014", "Số năm đóng BHXH từ 01/01/2014", PENSION_RULE, LIKE_A_PENSION, most=60),
            ask.count("odd_months_from_2014", "… và số tháng lẻ từ 01/01/2014", PENSION_RULE, LIKE_A_PENSION,
                most=11, required=False),
        ), shows_estimate=True),
        d.Step("dinh_cu", "Định cư ở nước ngoài", (
            ask.text("country", "Nước ông/bà sẽ định cư", PAPERS),
            questions.settlement_paper(PAPERS),
        )),
        questions.PAYMENT_STEP,
        questions.REPRESENTATIVE_STEP,
    ),
    rules=rules.COMMON,
    documents=(
        papers.request_form(PAPERS),
        *papers.settlement_papers(),
        papers.AUTHORIZATION,
    ),
    groups=(papers.SETTLEMENT_GROUP,),
    deadlines=(
        d.Deadline(10, d.Unit.DAY, law.law_58("khoản 4 Điều 110")),
        d.Deadline(5, d.Unit.WORKING_DAY, law.decision_166("", law.UNSURE), is_service=True),
    ),
    results=(
        d.Result("Quyết định hưởng trợ cấp một lần đối với người ra nước ngoài định cư", law.vss_sheet("", law.KNOWN)),
        d.Result("Chấm dứt chi trả hàng tháng (thông báo, danh sách cắt giảm)", law.vss_sheet("", law.UNSURE)),
    ),
    refusals=(
        d.Refusal("khong_dang_huong", "Ông/bà không thuộc diện đang hưởng hàng tháng.", ENTITLED),
        d.Refusal("giay_to_dinh_cu", "Giấy tờ về định cư không thuộc các loại luật quy định.", SETTLEMENT),
    ),
    estimate=settle_abroad.estimate,
    formula="Lương hưu: (1,5 × số năm đóng trước 2014 + 2 × số năm từ 2014 − 0,5 × số tháng đã hưởng) × mức đang "
        "hưởng, ít nhất 3 tháng. Trợ cấp hàng tháng khác: 3 tháng đang hưởng.",
    changes_since=(
        (date(2025, 7, 1), "Cách tính như cũ; thời hạn 7 ngày làm việc.", law.law_41("Điều 76, Điều 115")),
    ),
)
