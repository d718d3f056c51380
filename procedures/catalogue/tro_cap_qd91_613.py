"""6. Trợ cấp hàng tháng theo Quyết định 91/2000/QĐ-TTg và Quyết định 613/QĐ-TTg."""

from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import fixed_allowance
from procedures.domain.conditions import Compare, When
from procedures.domain.definition import (
    Branch,
    Choice,
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
from procedures.domain.papers import AUTHORIZATION, filled_form
from procedures.domain.questions import PAYMENT_STEP, PERSON_STEP, REPRESENTATIVE_STEP, choice, count, yes_no
from procedures.domain.sources import (
    KNOWN,
    UNSURE,
    circular_59,
    decision_91,
    decision_613,
    decree_158,
    decree_162,
    vss_letter,
    vss_sheet,
)

QD91 = When("reason", "qd91")
QD613 = When("reason", "qd613")
INVALID = When("reason", "qd613_thuong_binh")
FUNERAL = When("reason", "mai_tang")
LIVING = When("reason", "qd91", "qd613", "qd613_thuong_binh")
ART_1 = decision_91("Điều 1")
FUNERAL_RULE = circular_59("khoản 3 Điều 24")

BRANCHES = (
    Branch(
        "qd91",
        "Đã hết tuổi lao động khi ngừng trợ cấp mất sức (QĐ 91/2000/QĐ-TTg)",
        "Nam đủ 60, nữ đủ 55 tuổi vào lúc ngừng trợ cấp mất sức lao động theo Quyết định 60/HĐBT; từ 01/07/2000.",
        ART_1,
        QD91,
    ),
    Branch(
        "qd613",
        "Đã hết hạn trợ cấp mất sức, có từ đủ 15 đến dưới 20 năm công tác thực tế (QĐ 613/QĐ-TTg)",
        "Nam đủ 60, nữ đủ 55 tuổi; không thuộc diện hưởng tiếp theo Quyết định 60/HĐBT và 812/TTg.",
        decision_613(),
        QD613,
    ),
    Branch(
        "qd613_thuong_binh",
        "Thương binh đã thôi trợ cấp mất sức để hưởng trợ cấp thương tật",
        "Tuổi và thời gian công tác như trên; hưởng thêm ngoài trợ cấp ưu đãi.",
        vss_letter("Công văn 3984/BHXH-CSXH ngày 28/09/2011,"),
        INVALID,
        note="Giấy tờ riêng của trường hợp này chưa kiểm chứng; cơ quan BHXH sẽ hướng dẫn.",
    ),
    Branch(
        "mai_tang",
        "Mai táng phí khi người hưởng, hoặc người đủ điều kiện mà chưa được giải quyết, đã mất",
        "10 lần lương cơ sở.",
        FUNERAL_RULE,
        FUNERAL,
    ),
)

REASON = choice("reason", "Ông/bà đề nghị theo trường hợp nào?", branch_choices(BRANCHES), decision_613())

CASE_STEP = Step(
    name="truong_hop",
    title="Trường hợp đề nghị",
    shows_estimate=True,
    questions=(
        REASON,
        Question(
            "stopped_month", "Tháng ngừng trợ cấp mất sức lao động", Kind.MONTH, when=LIVING, basis=ART_1
        ),
        count("working_years", "Số năm công tác thực tế", decision_613(), QD613 | INVALID, most=60),
        yes_no(
            "file_at_office",
            "Hồ sơ mất sức lao động có đang do BHXH tỉnh giữ không?",
            vss_sheet(),
            LIVING,
            help="Phần lớn hồ sơ do BHXH tỉnh giữ. Không chắc thì chọn “Có”.",
        ),
        choice(
            "special_case",
            "Ông/bà từng thuộc trường hợp nào?",
            (
                Choice("khong", "Không thuộc trường hợp nào dưới đây"),
                Choice("tu", "Chấp hành hình phạt tù"),
                Choice("mat_tich", "Bị Tòa án tuyên bố mất tích"),
                Choice("nuoc_ngoai", "Ra nước ngoài rồi trở về"),
            ),
            vss_sheet(),
            QD613,
        ),
        Question("deceased_name", "Họ và tên người đã mất", Kind.NAME, when=FUNERAL, basis=FUNERAL_RULE),
        Question("death_date", "Ngày mất", Kind.DATE, not_future=True, when=FUNERAL, basis=FUNERAL_RULE),
        yes_no("was_drawing", "Khi mất, người đó có đang hưởng trợ cấp không?", vss_sheet(), FUNERAL),
        Question("filer_relation", "Ông/bà là gì của người đã mất?", when=FUNERAL, basis=vss_sheet()),
    ),
)

DOCUMENTS = (
    filled_form("don_qd91", "Đơn đề nghị hưởng trợ cấp hàng tháng", "", decision_91("", KNOWN), QD91),
    filled_form(
        "don_03qd613",
        "Đơn đề nghị giải quyết trợ cấp hàng tháng",
        "03-QĐ 613",
        vss_sheet("mẫu 03-QĐ 613 trong"),
        QD613,
    ),
    Document(
        "hs_msld_qd91",
        "Hồ sơ hưởng trợ cấp mất sức lao động",
        Copy.ORIGINAL,
        decision_91("", KNOWN),
        when=QD91 & When("file_at_office", False),
        condition_note="khi BHXH tỉnh không giữ hồ sơ",
    ),
    Document(
        "hs_msld",
        "Hồ sơ hưởng trợ cấp mất sức lao động",
        Copy.ORIGINAL,
        vss_sheet(),
        when=QD613 & When("file_at_office", False),
        condition_note="khi BHXH tỉnh không giữ hồ sơ",
    ),
    Document(
        "giay_to_dac_biet",
        "Giấy chứng nhận chấp hành xong hình phạt tù, quyết định của Tòa án về người mất tích trở về, hoặc quyết "
        "định trở về nước định cư hợp pháp",
        Copy.COPY,
        vss_sheet(),
        when=QD613 & When("special_case", "tu", "mat_tich", "nuoc_ngoai"),
    ),
    filled_form(
        "to_khai_09a",
        "Tờ khai của thân nhân",
        "09A-HSB",
        vss_sheet("mẫu 09A-HSB trong"),
        FUNERAL & When("was_drawing"),
        note="Số mẫu cũ; theo Quyết định 166/QĐ-BHXH là 09-HSB.",
    ),
    Document(
        "chung_tu",
        "Giấy chứng tử, giấy báo tử, quyết định tuyên bố đã chết, hoặc xác nhận của UBND xã nơi chôn cất",
        Copy.COPY,
        vss_sheet(),
        when=FUNERAL,
        note="Bản sao có chứng thực; xác nhận của UBND xã thì bản chính.",
    ),
    Document(
        "qd_huong",
        "Quyết định hưởng trợ cấp hàng tháng",
        Copy.ORIGINAL,
        vss_sheet(),
        when=FUNERAL & When("was_drawing"),
    ),
    AUTHORIZATION,
)

PROCEDURE = Procedure(
    code="tro_cap_qd91_613",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=6,
    name="Giải quyết hưởng trợ cấp hàng tháng theo Quyết định số 91/2000/QĐ-TTg, Quyết định số 613/QĐ-TTg",
    plain_name="Trợ cấp cho người hết hạn trợ cấp mất sức lao động",
    summary="Trợ cấp hàng tháng cho người cao tuổi đã hết hạn hưởng trợ cấp mất sức lao động.",
    keywords="mất sức, mất sức lao động, QĐ 91, QĐ 613, nghỉ mất sức",
    form="03-QĐ 613",
    legal_basis=(
        decision_91(),
        decision_613(),
        circular_59("khoản 4 Điều 21, khoản 3 Điều 24, khoản 2 Điều 27"),
        vss_letter("Công văn 3984/BHXH-CSXH năm 2011 và 1699/BHXH-CSXH năm 2015,"),
    ),
    who_may_file="Người trước đây hưởng trợ cấp mất sức lao động; thân nhân đề nghị mai táng phí.",
    who_basis=ART_1,
    branches=BRANCHES,
    steps=(PERSON_STEP, CASE_STEP, PAYMENT_STEP, REPRESENTATIVE_STEP),
    rules=(
        *cautions.PERSON_RULES,
        *cautions.PAYMENT_RULES,
        cautions.caution(
            "below_pension_age",
            "reason",
            "Theo ngày sinh đã khai, ông/bà chưa đủ 60 tuổi (nam) hoặc 55 tuổi (nữ).",
            cautions.is_below_pension_age,
            decision_613(),
            when=LIVING,
        ),
        cautions.caution(
            "working_years",
            "working_years",
            "Quyết định 613 dành cho người có từ đủ 15 đến dưới 20 năm công tác thực tế.",
            cautions.whole_is_outside("working_years", 15, 19),
            decision_613(),
        ),
    ),
    documents=DOCUMENTS,
    deadlines=(
        Deadline(30, Unit.WORKING_DAY, vss_sheet("thủ tục BHXH_003 và 2.000762 trong"), is_service=True),
        Deadline(5, Unit.WORKING_DAY, vss_sheet("", UNSURE), is_service=True),
    ),
    agency="BHXH tỉnh (nộp tại BHXH tỉnh, huyện hoặc qua bưu chính công ích)",
    agency_basis=vss_sheet(),
    routes=(Route("address", "Nơi ông/bà cư trú", vss_sheet("", KNOWN)),),
    results=(
        Result("Quyết định hưởng trợ cấp hàng tháng", vss_sheet(), "02-613/QĐ-TTg"),
        Result("Quyết định về việc hưởng trợ cấp mai táng", vss_sheet(), "04-613/QĐ-TTg"),
    ),
    refusals=(
        Refusal("chua_du_tuoi", "Ông/bà chưa đủ tuổi theo quy định khi ngừng trợ cấp.", ART_1),
        Refusal(
            "thoi_gian", "Thời gian công tác thực tế không trong khoảng 15 đến dưới 20 năm.", decision_613()
        ),
        Refusal("khong_co_ho_so", "Không có hồ sơ hưởng trợ cấp mất sức lao động.", vss_sheet()),
    ),
    precheck=Precheck(
        questions=(
            REASON,
            Question("old_enough", "Nam đã đủ 60, nữ đã đủ 55 tuổi?", Kind.YES_NO, when=LIVING),
            Question(
                "working_years",
                "Số năm công tác thực tế",
                Kind.INTEGER,
                required=False,
                when=QD613 | INVALID,
                minimum=0,
                maximum=60,
            ),
        ),
        criteria=(
            Criterion(FUNERAL, Verdict.LIKELY, "Người lo mai táng được 10 lần lương cơ sở.", FUNERAL_RULE),
            Criterion(
                LIVING & When("old_enough", False),
                Verdict.UNLIKELY,
                "Cần đủ 60 tuổi (nam), 55 tuổi (nữ).",
                ART_1,
            ),
            Criterion(
                QD613 & (Compare("working_years", "<", 15) | Compare("working_years", ">=", 20)),
                Verdict.UNLIKELY,
                "Cần từ đủ 15 đến dưới 20 năm công tác thực tế.",
                decision_613(),
            ),
            Criterion(
                QD613 & When("old_enough") & Compare("working_years", ">=", 15),
                Verdict.LIKELY,
                "Đủ tuổi và có từ 15 đến dưới 20 năm công tác thì thuộc diện hưởng.",
                decision_613(),
            ),
            Criterion(
                QD91 & When("old_enough"),
                Verdict.CANNOT_TELL,
                "Còn tùy tuổi của ông/bà vào lúc ngừng trợ cấp mất sức.",
                ART_1,
            ),
        ),
    ),
    estimate=fixed_allowance.estimate,
    formula="Mức cố định do Nhà nước quy định, tăng theo mỗi lần tăng lương hưu. Mai táng: 10 × lương cơ sở.",
    changes_since=(
        (date(2025, 7, 1), "Thêm lựa chọn cho người còn thời gian đóng chưa tính.", decree_158("Điều 40")),
        (
            date(2026, 7, 1),
            "Tăng 8%; người nghỉ trước 1995: không quá 3.500.000 đ thì cộng 300.000 đ, còn lại ít nhất 3.800.000 đ.",
            decree_162("Điều 2"),
        ),
    ),
)
