"""4. Giải quyết hưởng tiếp lương hưu, trợ cấp BHXH hàng tháng đã bị tạm dừng."""

from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import resumption
from procedures.domain.conditions import When
from procedures.domain.definition import (
    Branch,
    Copy,
    Criterion,
    Deadline,
    Document,
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
from procedures.domain.papers import AUTHORIZATION, request_form
from procedures.domain.questions import PAYMENT_STEP, PERSON_STEP, REPRESENTATIVE_STEP, choice
from procedures.domain.sources import (
    KNOWN,
    UNSURE,
    circular_59,
    decision_166,
    decree_115,
    law_41,
    law_58,
    vss_sheet,
)

PRISON = When("reason", "het_han_tu")
RETURNED = When("reason", "xuat_canh")
FOUND = When("reason", "huy_mat_tich")
RESUMES = law_58("khoản 2 Điều 64")
OLD_RULES = decree_115("khoản 2 Điều 20")

BRANCHES = (
    Branch(
        "het_han_tu",
        "Đã chấp hành xong hình phạt tù",
        "Bị dừng hưởng trước 01/01/2016 do phạt tù không được hưởng án treo; áp dụng quy định lúc bị dừng.",
        OLD_RULES,
        PRISON,
    ),
    Branch(
        "xuat_canh",
        "Xuất cảnh trái phép nay trở về nước định cư hợp pháp",
        "Đã về nước định cư hợp pháp theo pháp luật về cư trú.",
        RESUMES,
        RETURNED,
    ),
    Branch(
        "huy_mat_tich",
        "Được Tòa án hủy quyết định tuyên bố mất tích",
        "Quyết định của Tòa án đã có hiệu lực pháp luật.",
        RESUMES,
        FOUND,
    ),
)

REASON = choice(
    "reason",
    "Ông/bà bị dừng hưởng và nay được hưởng tiếp vì",
    branch_choices(BRANCHES),
    law_58("Điều 64, Điều 113"),
)

PROCEDURE = Procedure(
    code="huong_tiep",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=4,
    name="Giải quyết hưởng tiếp lương hưu, trợ cấp BHXH hàng tháng đối với người chấp hành xong hình phạt tù, người "
    "xuất cảnh trái phép trở về nước định cư hợp pháp, người được Tòa án hủy quyết định tuyên bố mất tích",
    plain_name="Nhận lại lương hưu, trợ cấp bị tạm dừng",
    summary="Nhận lại khoản hàng tháng đã bị dừng do đi tù, xuất cảnh trái phép hoặc bị tuyên bố mất tích.",
    keywords="nhận lại lương hưu, mãn hạn tù, ra tù, mất tích, về nước, truy lĩnh",
    form="14-HSB",
    legal_basis=(law_58("Điều 64, Điều 113, Điều 114"), circular_59("Điều 23"), OLD_RULES),
    who_may_file="Người có lương hưu, trợ cấp hàng tháng đang bị tạm dừng.",
    who_basis=law_58("Điều 113, khoản 1 Điều 114"),
    branches=BRANCHES,
    steps=(
        PERSON_STEP,
        Step(
            name="ly_do",
            title="Lý do và khoản bị dừng",
            shows_estimate=True,
            questions=(
                REASON,
                Question(
                    "stopped_benefit",
                    "Khoản bị dừng",
                    help="Ví dụ: lương hưu, trợ cấp mất sức lao động.",
                    basis=law_58("Điều 64"),
                ),
                Question(
                    "stopped_from",
                    "Tháng đầu tiên không được nhận",
                    Kind.MONTH,
                    not_future=True,
                    basis=law_58("khoản 2 Điều 64"),
                ),
                Question(
                    "monthly_amount",
                    "Mức hưởng mỗi tháng lúc bị dừng (đồng), nếu nhớ",
                    Kind.MONEY,
                    required=False,
                    minimum=1,
                    basis=law_58("khoản 2 Điều 64"),
                ),
                Question(
                    "last_paying_province",
                    "Nơi trước đây trả lương hưu, trợ cấp",
                    Kind.PROVINCE,
                    help="Nơi giữ hồ sơ gốc, để cơ quan BHXH liên hệ.",
                    basis=vss_sheet("", UNSURE),
                ),
            ),
        ),
        PAYMENT_STEP,
        REPRESENTATIVE_STEP,
    ),
    rules=(
        *cautions.PERSON_RULES,
        *cautions.PAYMENT_RULES,
        cautions.caution(
            "prison_before_2016",
            "stopped_from",
            "Từ 01/01/2016 luật không còn dừng lương hưu vì đi tù. Ông/bà xem lại tháng bị dừng.",
            cautions.month_is_from_2016("stopped_from"),
            OLD_RULES,
            when=PRISON,
        ),
    ),
    documents=(
        request_form(law_58("khoản 1 Điều 113", KNOWN), "Đơn đề nghị hưởng tiếp"),
        Document(
            "giay_cn_het_han_tu",
            "Giấy chứng nhận chấp hành xong hình phạt tù",
            Copy.COPY,
            vss_sheet(),
            when=PRISON,
            note="Các bản công bố cũ yêu cầu bản sao có chứng thực.",
        ),
        Document(
            "vb_tro_ve",
            "Văn bản của cơ quan nhà nước có thẩm quyền về việc trở về nước định cư hợp pháp",
            Copy.COPY,
            law_58("khoản 2 Điều 113"),
            when=RETURNED,
        ),
        Document(
            "qd_huy_mat_tich",
            "Quyết định có hiệu lực pháp luật của Tòa án hủy bỏ quyết định tuyên bố mất tích",
            Copy.COPY,
            law_58("khoản 3 Điều 113"),
            when=FOUND,
        ),
        AUTHORIZATION,
    ),
    deadlines=(
        Deadline(15, Unit.DAY, law_58("khoản 2 Điều 114")),
        Deadline(5, Unit.WORKING_DAY, decision_166("", UNSURE), is_service=True, when=PRISON),
        Deadline(8, Unit.WORKING_DAY, decision_166("", UNSURE), is_service=True, when=RETURNED | FOUND),
    ),
    agency="BHXH cấp huyện hoặc cấp tỉnh nơi cư trú; hồ sơ gốc ở nơi đã chi trả",
    agency_basis=vss_sheet("", UNSURE),
    routes=(Route("address", "Nơi ông/bà cư trú", vss_sheet("", UNSURE)),),
    results=(Result("Quyết định về việc hưởng tiếp chế độ BHXH hàng tháng", vss_sheet()),),
    refusals=(
        Refusal(
            "chua_dinh_cu",
            "Chưa có văn bản về việc trở về nước định cư hợp pháp.",
            law_58("khoản 2 Điều 113"),
        ),
        Refusal(
            "chua_co_hieu_luc",
            "Quyết định hủy tuyên bố mất tích chưa có hiệu lực pháp luật.",
            law_58("khoản 3 Điều 113"),
        ),
        Refusal(
            "khong_bi_dung",
            "Khoản hưởng của ông/bà không bị dừng vì lý do đã khai.",
            law_58("khoản 1 Điều 64"),
        ),
    ),
    precheck=Precheck(
        questions=(
            REASON,
            Question("has_reason_paper", "Ông/bà đã có giấy tờ về việc này chưa?", Kind.YES_NO),
            Question("stopped_before_2016", "Bị dừng hưởng trước 01/01/2016?", Kind.YES_NO, when=PRISON),
        ),
        criteria=(
            Criterion(
                PRISON & When("stopped_before_2016", False),
                Verdict.CANNOT_TELL,
                "Từ 01/01/2016 luật không còn dừng vì đi tù; cần xem vì sao khoản hưởng bị dừng.",
                OLD_RULES,
            ),
            Criterion(
                PRISON & When("has_reason_paper"),
                Verdict.LIKELY,
                "Chấp hành xong án tù thì được hưởng tiếp theo quy định lúc bị dừng.",
                OLD_RULES,
            ),
            Criterion(
                (RETURNED | FOUND) & When("has_reason_paper"),
                Verdict.LIKELY,
                "Có giấy tờ về việc trở về hoặc hủy tuyên bố mất tích thì được hưởng tiếp.",
                RESUMES,
            ),
            Criterion(
                When("has_reason_paper", False),
                Verdict.UNLIKELY,
                "Cần giấy tờ của cơ quan có thẩm quyền hoặc của Tòa án rồi mới nộp được.",
                law_58("Điều 113"),
            ),
        ),
    ),
    estimate=resumption.estimate,
    formula="Truy lĩnh = tổng các tháng chưa nhận theo mức của từng thời kỳ, không có lãi (trường hợp hủy tuyên bố "
    "mất tích). Người xuất cảnh trái phép: hưởng tiếp từ khi về; tiền thời gian ở nước ngoài chưa kiểm chứng.",
    changes_since=(
        (
            date(2025, 7, 1),
            "Người trở về và người được hủy tuyên bố mất tích, đã chết đều được nhận tiền chưa trả; thời hạn "
            "10 ngày làm việc; thêm trường hợp người đã từ chối hưởng.",
            law_41("Điều 75, Điều 80, Điều 81"),
        ),
    ),
)
