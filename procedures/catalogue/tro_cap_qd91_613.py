"""6. Trợ cấp hàng tháng theo Quyết định 91/2000/QĐ-TTg và Quyết định 613/QĐ-TTg."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.benefits import fixed_allowance
from procedures.domain.conditions import Compare, When
from procedures.domain.precheck import cannot_tell, likely, unlikely

QD91 = When("reason", "qd91")
QD613 = When("reason", "qd613")
INVALID = When("reason", "qd613_thuong_binh")
FUNERAL = When("reason", "mai_tang")
LIVING = When("reason", "qd91", "qd613", "qd613_thuong_binh")

ART_1 = law.decision_91("Điều 1")
FUNERAL_RULE = law.circular_59("khoản 3 Điều 24")
SHEET = law.vss_sheet()

BRANCHES = (
    d.Branch("qd91", "Đã hết tuổi lao động khi ngừng trợ cấp mất sức (QĐ 91/2000/QĐ-TTg)",
        "Nam đủ 60, nữ đủ 55 tuổi vào lúc ngừng trợ cấp mất sức lao động theo Quyết định 60/HĐBT; từ 01/07/2000.",
        ART_1, QD91),
    d.Branch("qd613", "Đã hết hạn trợ cấp mất sức, có từ đủ 15 đến dưới 20 năm công tác thực tế (QĐ 613/QĐ-TTg)",
        "Nam đủ 60, nữ đủ 55 tuổi; không thuộc diện hưởng tiếp theo Quyết định 60/HĐBT và 812/TTg.",
        law.decision_613(), QD613),
    d.Branch("qd613_thuong_binh", "Thương binh đã thôi trợ cấp mất sức để hưởng trợ cấp thương tật",
        "Tuổi và thời gian công tác như trên; hưởng thêm ngoài trợ cấp ưu đãi.",
        law.vss_letter("Công văn 3984/BHXH-CSXH ngày 28/09/2011,"), INVALID,
        "Giấy tờ riêng của trường hợp này chưa kiểm chứng; cơ quan BHXH sẽ hướng dẫn."),
    d.Branch("mai_tang", "Mai táng phí khi người hưởng, hoặc người đủ điều kiện mà chưa được giải quyết, đã mất",
        "10 lần lương cơ sở.", FUNERAL_RULE, FUNERAL),
)

REASON = ask.choice("reason", "Ông/bà đề nghị theo trường hợp nào?", d.branch_choices(BRANCHES), law.decision_613())
YEARS = ask.count("working_years", "Số năm công tác thực tế", law.decision_613(), QD613 | INVALID, most=60)

PROCEDURE = d.Procedure(
    code="tro_cap_qd91_613", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=6,
    name="Giải quyết hưởng trợ cấp hàng tháng theo Quyết định số 91/2000/QĐ-TTg, Quyết định số 613/QĐ-TTg",
    plain_name="Trợ cấp cho người hết hạn trợ cấp mất sức lao động", form="03-QĐ 613",
    summary="Trợ cấp hàng tháng cho người cao tuổi đã hết hạn hưởng trợ cấp mất sức lao động.",
    keywords="mất sức, mất sức lao động, QĐ 91, QĐ 613, nghỉ mất sức",
    legal_basis=(
        law.decision_91(),
        law.decision_613(),
        law.circular_59("khoản 4 Điều 21, khoản 3 Điều 24, khoản 2 Điều 27"),
        law.vss_letter("Công văn 3984/BHXH-CSXH năm 2011 và 1699/BHXH-CSXH năm 2015,"),
    ),
    who_may_file="Người trước đây hưởng trợ cấp mất sức lao động; thân nhân đề nghị mai táng phí.",
    who_basis=ART_1,
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            REASON,
            ask.yes_no("old_enough", "Nam đã đủ 60, nữ đã đủ 55 tuổi?", ART_1, LIVING),
            ask.optional(YEARS),
        ),
        criteria=(
            likely(FUNERAL, "Người lo mai táng được 10 lần lương cơ sở.", FUNERAL_RULE),
            unlikely(LIVING & When("old_enough", False), "Cần đủ 60 tuổi (nam), 55 tuổi (nữ).", ART_1),
            unlikely(QD613 & (Compare("working_years", "<", 15) | Compare("working_years", ">=", 20)),
                "Cần từ đủ 15 đến dưới 20 năm công tác thực tế.", law.decision_613()),
            likely(QD613 & When("old_enough") & Compare("working_years", ">=", 15),
                "Đủ tuổi và có từ 15 đến dưới 20 năm công tác thì thuộc diện hưởng.", law.decision_613()),
            cannot_tell(QD91 & When("old_enough"),
                "Còn tùy tuổi của ông/bà vào lúc ngừng trợ cấp mất sức.", ART_1),
        ),
    ),
    agency="BHXH tỉnh (nộp tại BHXH tỉnh, huyện hoặc qua bưu chính công ích)",
    agency_basis=SHEET,
    routes=(d.Route("address", "Nơi ông/bà cư trú", law.vss_sheet("", law.KNOWN)),),
    steps=(
        questions.PERSON_STEP,
        d.Step("truong_hop", "Trường hợp đề nghị", (
            REASON,
            ask.month("stopped_month", "Tháng ngừng trợ cấp mất sức lao động", ART_1, LIVING),
            YEARS,
            ask.yes_no("file_at_office", "Hồ sơ mất sức lao động có đang do BHXH tỉnh giữ không?", SHEET, LIVING,
                help="Phần lớn hồ sơ do BHXH tỉnh giữ. Không chắc thì chọn “Có”."),
            ask.choice("special_case", "Ông/bà từng thuộc trường hợp nào?", ask.options(
                khong="Không thuộc trường hợp nào dưới đây", tu="Chấp hành hình phạt tù",
                mat_tich="Bị Tòa án tuyên bố mất tích", nuoc_ngoai="Ra nước ngoài rồi trở về"), SHEET, QD613),
            ask.person("deceased_name", "Họ và tên người đã mất", FUNERAL_RULE, FUNERAL),
            ask.past_day("death_date", "Ngày mất", FUNERAL_RULE, FUNERAL),
            ask.yes_no("was_drawing", "Khi mất, người đó có đang hưởng trợ cấp không?", SHEET, FUNERAL),
            ask.text("filer_relation", "Ông/bà là gì của người đã mất?", SHEET, FUNERAL),
        ), shows_estimate=True),
        questions.PAYMENT_STEP,
        questions.REPRESENTATIVE_STEP,
    ),
    rules=(
        *rules.COMMON,
        *rules.of_death(FUNERAL_RULE),
        rules.warning("below_pension_age", "reason", rules.is_below_pension_age, law.decision_613(),
            "Theo ngày sinh đã khai, ông/bà chưa đủ 60 tuổi (nam) hoặc 55 tuổi (nữ).", when=LIVING),
        rules.warning("working_years", "working_years", rules.whole_is_outside("working_years", 15, 19),
            law.decision_613(), "Quyết định 613 dành cho người có từ đủ 15 đến dưới 20 năm công tác thực tế."),
    ),
    documents=(
        papers.filled_form("don_qd91", "Đơn đề nghị hưởng trợ cấp hàng tháng", "",
            law.decision_91("", law.KNOWN), QD91),
        papers.filled_form("don_03qd613", "Đơn đề nghị giải quyết trợ cấp hàng tháng", "03-QĐ 613",
            law.vss_sheet("mẫu 03-QĐ 613 trong"), QD613),
        papers.original("hs_msld_qd91", "Hồ sơ hưởng trợ cấp mất sức lao động", law.decision_91("", law.KNOWN),
            QD91 & When("file_at_office", False), condition_note="khi BHXH tỉnh không giữ hồ sơ"),
        papers.original("hs_msld", "Hồ sơ hưởng trợ cấp mất sức lao động", SHEET,
            QD613 & When("file_at_office", False), condition_note="khi BHXH tỉnh không giữ hồ sơ"),
        papers.copy("giay_to_dac_biet", "Giấy chứng nhận chấp hành xong hình phạt tù, quyết định của Tòa án về người "
            "mất tích trở về, hoặc quyết định trở về nước định cư hợp pháp", SHEET,
            QD613 & When("special_case", "tu", "mat_tich", "nuoc_ngoai")),
        papers.filled_form("to_khai_09a", "Tờ khai của thân nhân", "09A-HSB", law.vss_sheet("mẫu 09A-HSB trong"),
            FUNERAL & When("was_drawing"), note="Số mẫu cũ; theo Quyết định 166/QĐ-BHXH là 09-HSB."),
        papers.copy("chung_tu",
            "Giấy chứng tử, giấy báo tử, quyết định tuyên bố đã chết, hoặc xác nhận của UBND xã nơi chôn cất",
            SHEET, FUNERAL, note="Bản sao có chứng thực; xác nhận của UBND xã thì bản chính."),
        papers.original("qd_huong", "Quyết định hưởng trợ cấp hàng tháng", SHEET, FUNERAL & When("was_drawing")),
        papers.AUTHORIZATION,
    ),
    deadlines=(
        d.Deadline(30, d.Unit.WORKING_DAY, law.vss_sheet("thủ tục BHXH_003 và 2.000762 trong"), is_service=True),
        d.Deadline(5, d.Unit.WORKING_DAY, law.vss_sheet("", law.UNSURE), is_service=True),
    ),
    results=(
        d.Result("Quyết định hưởng trợ cấp hàng tháng", SHEET, "02-613/QĐ-TTg"),
        d.Result("Quyết định về việc hưởng trợ cấp mai táng", SHEET, "04-613/QĐ-TTg"),
    ),
    refusals=(
        d.Refusal("chua_du_tuoi", "Ông/bà chưa đủ tuổi theo quy định khi ngừng trợ cấp.", ART_1),
        d.Refusal("thoi_gian", "Thời gian công tác thực tế không trong khoảng 15 đến dưới 20 năm.", law.decision_613()),
        d.Refusal("khong_co_ho_so", "Không có hồ sơ hưởng trợ cấp mất sức lao động.", SHEET),
    ),
    estimate=fixed_allowance.estimate,
    formula="Mức cố định do Nhà nước quy định, tăng theo mỗi lần tăng lương hưu. Mai táng: 10 × lương cơ sở.",
    changes_since=(
        (date(2025, 7, 1), "Thêm lựa chọn cho người còn thời gian đóng chưa tính.", law.decree_158("Điều 40")),
        (date(2026, 7, 1), "Tăng 8%; người nghỉ trước 1995: không quá 3.500.000 đ thì cộng 300.000 đ, còn lại ít nhất "
            "3.800.000 đ.", law.decree_162("Điều 2")),
    ),
)
