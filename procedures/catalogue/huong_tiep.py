"""4. Giải quyết hưởng tiếp lương hưu, trợ cấp BHXH hàng tháng đã bị tạm dừng."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.benefits import resumption
from procedures.domain.conditions import When
from procedures.domain.precheck import cannot_tell, likely, unlikely

PRISON = When("reason", "het_han_tu")
RETURNED = When("reason", "xuat_canh")
FOUND = When("reason", "huy_mat_tich")

RESUMES = law.law_58("khoản 2 Điều 64")
OLD_RULES = law.decree_115("khoản 2 Điều 20")
RETURN_PAPER, COURT_PAPER = law.law_58("khoản 2 Điều 113"), law.law_58("khoản 3 Điều 113")
WHERE = law.vss_sheet("", law.UNSURE)

BRANCHES = (
    d.Branch("het_han_tu", "Đã chấp hành xong hình phạt tù",
        "Bị dừng hưởng trước 01/01/2016 do phạt tù không được hưởng án treo; áp dụng quy định lúc bị dừng.",
        OLD_RULES, PRISON),
    d.Branch("xuat_canh", "Xuất cảnh trái phép nay trở về nước định cư hợp pháp",
        "Đã về nước định cư hợp pháp theo pháp luật về cư trú.", RESUMES, RETURNED),
    d.Branch("huy_mat_tich", "Được Tòa án hủy quyết định tuyên bố mất tích",
        "Quyết định của Tòa án đã có hiệu lực pháp luật.", RESUMES, FOUND),
)

REASON = ask.choice("reason", "Ông/bà bị dừng hưởng và nay được hưởng tiếp vì", d.branch_choices(BRANCHES),
    law.law_58("Điều 64, Điều 113"))

PROCEDURE = d.Procedure(
    code="huong_tiep", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=4,
    name="Giải quyết hưởng tiếp lương hưu, trợ cấp BHXH hàng tháng đối với người chấp hành xong hình phạt tù, người "
        "xuất cảnh trái phép trở về nước định cư hợp pháp, người được Tòa án hủy quyết định tuyên bố mất tích",
    plain_name="Nhận lại lương hưu, trợ cấp bị tạm dừng", form="14-HSB",
    summary="Nhận lại khoản hàng tháng đã bị dừng do đi tù, xuất cảnh trái phép hoặc bị tuyên bố mất tích.",
    keywords="nhận lại lương hưu, mãn hạn tù, ra tù, mất tích, về nước, truy lĩnh",
    legal_basis=(
        law.law_58("Điều 64, Điều 113, Điều 114"),
        law.circular_59("Điều 23"),
        OLD_RULES,
    ),
    who_may_file="Người có lương hưu, trợ cấp hàng tháng đang bị tạm dừng.",
    who_basis=law.law_58("Điều 113, khoản 1 Điều 114"),
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            REASON,
            ask.yes_no("has_reason_paper", "Ông/bà đã có giấy tờ về việc này chưa?", law.law_58("Điều 113")),
            ask.yes_no("stopped_before_2016", "Bị dừng hưởng trước 01/01/2016?", OLD_RULES, PRISON),
        ),
        criteria=(
            cannot_tell(PRISON & When("stopped_before_2016", False),
                "Từ 01/01/2016 luật không còn dừng vì đi tù; cần xem vì sao khoản hưởng bị dừng.", OLD_RULES),
            likely(PRISON & When("has_reason_paper"),
                "Chấp hành xong án tù thì được hưởng tiếp theo quy định lúc bị dừng.", OLD_RULES),
            likely((RETURNED | FOUND) & When("has_reason_paper"),
                "Có giấy tờ về việc trở về hoặc hủy tuyên bố mất tích thì được hưởng tiếp.", RESUMES),
            unlikely(When("has_reason_paper", False),
                "Cần giấy tờ của cơ quan có thẩm quyền hoặc của Tòa án rồi mới nộp được.", law.law_58("Điều 113")),
        ),
    ),
    agency="BHXH cấp huyện hoặc cấp tỉnh nơi cư trú; hồ sơ gốc ở nơi đã chi trả",
    agency_basis=WHERE,
    routes=(d.Route("address", "Nơi ông/bà cư trú", WHERE),),
    steps=(
        questions.PERSON_STEP,
        d.Step("ly_do", "Lý do và khoản bị dừng", (
            REASON,
            ask.text("stopped_benefit", "Khoản bị dừng", law.law_58("Điều 64"),
                help="Ví dụ: lương hưu, trợ cấp mất sức lao động."),
            ask.past_month("stopped_from", "Tháng đầu tiên không được nhận", RESUMES),
            ask.money("monthly_amount", "Mức hưởng mỗi tháng lúc bị dừng (đồng), nếu nhớ", RESUMES, required=False),
            ask.province("last_paying_province", "Nơi trước đây trả lương hưu, trợ cấp", WHERE,
                help="Nơi giữ hồ sơ gốc, để cơ quan BHXH liên hệ."),
        ), shows_estimate=True),
        questions.PAYMENT_STEP,
        questions.REPRESENTATIVE_STEP,
    ),
    rules=(
        *rules.COMMON,
        rules.warning("prison_before_2016", "stopped_from", rules.month_is_from_2016("stopped_from"), OLD_RULES,
            "Từ 01/01/2016 luật không còn dừng lương hưu vì đi tù. Ông/bà xem lại tháng bị dừng.", when=PRISON),
    ),
    documents=(
        papers.request_form(law.law_58("khoản 1 Điều 113", law.KNOWN), "Đơn đề nghị hưởng tiếp"),
        papers.copy("giay_cn_het_han_tu", "Giấy chứng nhận chấp hành xong hình phạt tù", law.vss_sheet(), PRISON,
            note="Các bản công bố cũ yêu cầu bản sao có chứng thực."),
        papers.copy("vb_tro_ve", "Văn bản của cơ quan nhà nước có thẩm quyền về việc trở về nước định cư hợp pháp",
            RETURN_PAPER, RETURNED),
        papers.copy("qd_huy_mat_tich",
            "Quyết định có hiệu lực pháp luật của Tòa án hủy bỏ quyết định tuyên bố mất tích", COURT_PAPER, FOUND),
        papers.AUTHORIZATION,
    ),
    deadlines=(
        d.Deadline(15, d.Unit.DAY, law.law_58("khoản 2 Điều 114")),
        d.Deadline(5, d.Unit.WORKING_DAY, law.decision_166("", law.UNSURE), is_service=True, when=PRISON),
        d.Deadline(8, d.Unit.WORKING_DAY, law.decision_166("", law.UNSURE), is_service=True, when=RETURNED | FOUND),
    ),
    results=(d.Result("Quyết định về việc hưởng tiếp chế độ BHXH hàng tháng", law.vss_sheet()),),
    refusals=(
        d.Refusal("chua_dinh_cu", "Chưa có văn bản về việc trở về nước định cư hợp pháp.", RETURN_PAPER),
        d.Refusal("chua_co_hieu_luc", "Quyết định hủy tuyên bố mất tích chưa có hiệu lực pháp luật.", COURT_PAPER),
        d.Refusal("khong_bi_dung", "Khoản hưởng của ông/bà không bị dừng vì lý do đã khai.",
            law.law_58("khoản 1 Điều 64")),
    ),
    estimate=resumption.estimate,
    formula="Truy lĩnh = tổng các tháng chưa nhận theo mức của từng thời kỳ, không có lãi (trường hợp hủy tuyên bố "
        "mất tích). Người xuất cảnh trái phép: hưởng tiếp từ khi về; tiền thời gian ở nước ngoài chưa kiểm chứng.",
    changes_since=(
        (date(2025, 7, 1), "Người trở về và người được hủy tuyên bố mất tích, đã chết đều được nhận tiền chưa trả; "
            "thời hạn 10 ngày làm việc; thêm trường hợp người đã từ chối hưởng.",
            law.law_41("Điều 75, Điều 80, Điều 81")),
    ),
)
