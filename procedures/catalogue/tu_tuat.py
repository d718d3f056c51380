"""3. Giải quyết hưởng chế độ tử tuất."""

from dataclasses import replace
from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import survivors
from procedures.domain.conditions import AnyRow, When
from procedures.domain.definition import (
    Branch,
    Choice,
    Copy,
    CoSigners,
    Deadline,
    Document,
    FilingLimit,
    Kind,
    Procedure,
    Question,
    Refusal,
    Result,
    Route,
    Step,
    Unit,
    branch_choices,
)
from procedures.domain.papers import AUTHORIZATION, filled_form, insurance_book
from procedures.domain.questions import (
    HISTORY_QUESTION,
    PAYMENT_STEP,
    PERSON_STEP,
    REPRESENTATIVE_STEP,
    SEXES,
    choice,
    count,
    yes_no,
)
from procedures.domain.sources import (
    KNOWN,
    UNSURE,
    circular_59,
    decision_166,
    decree_63_2024,
    decree_115,
    law_41,
    law_58,
    vss_sheet,
)

RESERVED = When("deceased_status", "bao_luu_tu_nguyen")
ACTIVE = When("deceased_status", "dang_dong")
DRAWING = When("deceased_status", "dang_huong")
CONTRIBUTOR = When("deceased_status", "dang_dong", "bao_luu_tu_nguyen")
FUNERAL_ONLY = When("claim", "mai_tang")
MONTHLY = When("claim", "hang_thang")
ONCE = When("claim", "mot_lan")

BORN = ~When("relation", "con_chua_sinh")
AT_PAYING_PLACE = DRAWING & When("office_choice", "noi_chi_tra")
CO_SIGNS = BORN & When("signs_here")

FORM = law_58("Điều 111")
SHEET = vss_sheet()
NO_CHOICE = law_58("khoản 3 Điều 69")
SIGNED = vss_sheet("mẫu 09-HSB trong", KNOWN)
WHO_RECEIVES = law_58("khoản 1, khoản 2 Điều 112")
RELATIVES_RULE = law_58("khoản 2, khoản 3 Điều 67")

BRANCHES = (
    Branch(
        "bao_luu_tu_nguyen",
        "Người mất đang bảo lưu thời gian đóng hoặc đóng BHXH tự nguyện",
        "Thân nhân nộp thẳng cho cơ quan BHXH.",
        WHO_RECEIVES,
        RESERVED,
    ),
    Branch(
        "dang_dong",
        "Người mất đang đóng BHXH bắt buộc",
        "Thường nộp qua đơn vị nơi người mất làm việc; nộp thẳng được nếu đơn vị đã chốt sổ, trừ tai nạn lao động.",
        WHO_RECEIVES,
        ACTIVE,
    ),
    Branch(
        "dang_huong",
        "Người mất đang hưởng hoặc đang tạm dừng lương hưu, trợ cấp hàng tháng",
        "Không cần sổ BHXH; cơ quan BHXH giữ hồ sơ hưởng.",
        WHO_RECEIVES,
        DRAWING,
    ),
)

RELATIONS = (
    Choice("con", "Con"),
    Choice("con_chua_sinh", "Con chưa sinh (mẹ đang mang thai)"),
    Choice("vo", "Vợ"),
    Choice("chong", "Chồng"),
    Choice("cha_me", "Cha đẻ, mẹ đẻ"),
    Choice("cha_me_ben_vo_chong", "Cha, mẹ của vợ hoặc chồng"),
    Choice("khac", "Người khác mà người mất có nghĩa vụ nuôi dưỡng"),
)

DECEASED_STEP = Step(
    name="nguoi_mat",
    title="Người đã mất",
    intro="Xin chia buồn cùng gia đình. Các câu hỏi sau để cơ quan BHXH tìm đúng hồ sơ của người đã mất.",
    questions=(
        Question("deceased_name", "Họ và tên", Kind.NAME, basis=FORM),
        Question("deceased_birth_date", "Ngày sinh", Kind.DATE, not_future=True, basis=FORM),
        Question("deceased_bhxh_number", "Mã số BHXH", Kind.BHXH_NUMBER, required=False, basis=FORM),
        Question(
            "death_date",
            "Ngày mất",
            Kind.DATE,
            help="Nếu Tòa án tuyên bố đã chết, ghi ngày trong quyết định.",
            not_future=True,
            basis=law_58("khoản 2 Điều 66"),
        ),
        choice("deceased_status", "Khi mất, người đó thuộc trường hợp nào?", branch_choices(BRANCHES), FORM),
        yes_no("is_work_accident", "Mất do tai nạn lao động, bệnh nghề nghiệp?", FORM),
        yes_no("employer_closed_book", "Đơn vị đã chốt và trả sổ BHXH chưa?", WHO_RECEIVES, ACTIVE),
        choice(
            "drawn_benefit",
            "Khoản người mất đang hưởng",
            (
                Choice("luong_huu", "Lương hưu"),
                Choice("luong_huu_tu_nguyen", "Lương hưu BHXH tự nguyện"),
                Choice("tnld_bnn", "Trợ cấp tai nạn lao động, bệnh nghề nghiệp"),
                Choice("mat_suc_lao_dong", "Trợ cấp mất sức lao động"),
                Choice("can_bo_xa", "Trợ cấp cán bộ xã (Nghị định 09/1998/NĐ-CP)"),
                Choice("tro_cap_khac", "Công nhân cao su, QĐ 91, QĐ 613"),
            ),
            circular_59("Điều 24, Điều 27"),
            DRAWING,
        ),
        yes_no(
            "loss_61",
            "Suy giảm khả năng lao động từ 61% trở lên?",
            law_58("điểm d khoản 1 Điều 67"),
            DRAWING & When("drawn_benefit", "tnld_bnn"),
        ),
        Question(
            "monthly_amount", "Mức hưởng mỗi tháng (đồng)", Kind.MONEY, when=DRAWING, minimum=1, basis=FORM
        ),
        count(
            "months_received",
            "Đã hưởng lương hưu được bao nhiêu tháng?",
            law_58("khoản 2 Điều 70"),
            DRAWING & When("drawn_benefit", *survivors.PENSIONS),
            most=900,
        ),
        choice(
            "office_choice",
            "Gia đình muốn nộp ở đâu?",
            (
                Choice("noi_cu_tru", "Nơi ông/bà cư trú"),
                Choice("noi_chi_tra", "Nơi đang trả lương hưu, trợ cấp cho người mất"),
            ),
            SHEET,
            DRAWING,
        ),
        Question(
            "paying_province",
            "Nơi đang trả lương hưu, trợ cấp",
            Kind.PROVINCE,
            when=AT_PAYING_PLACE,
            basis=SHEET,
        ),
    ),
)

CLAIM_STEP = Step(
    name="che_do",
    title="Chế độ đề nghị hưởng",
    shows_estimate=True,
    questions=(
        Question("filer_relation", "Ông/bà là gì của người đã mất?", basis=FORM),
        yes_no("arranged_funeral", "Ông/bà là người lo mai táng?", law_58("khoản 1 Điều 66")),
        choice(
            "claim",
            "Gia đình đề nghị hưởng",
            (
                Choice("mai_tang", "Chỉ trợ cấp mai táng"),
                Choice("hang_thang", "Trợ cấp tuất hàng tháng (và mai táng)"),
                Choice("mot_lan", "Trợ cấp tuất một lần (và mai táng)"),
            ),
            law_58("Điều 66, Điều 67, Điều 69"),
        ),
        yes_no("gave_up_monthly", "Có người đủ điều kiện hàng tháng mà chọn một lần?", NO_CHOICE, ONCE),
        yes_no(
            "several_recipients",
            "Có nhiều thân nhân cùng hưởng một lần?",
            decree_115("khoản 2 Điều 14"),
            ONCE,
        ),
        yes_no(
            "two_deceased",
            "Còn người thứ hai đóng BHXH cũng đã mất (mất cả cha và mẹ)?",
            law_58("khoản 2 Điều 68"),
            MONTHLY,
        ),
        Question(
            survivors.RELATIVES,
            "Thân nhân",
            Kind.TABLE,
            help="Hàng tháng: nhiều nhất 4 người được hưởng.",
            when=MONTHLY | ONCE,
            max_rows=20,
            row_name="người",
            columns=(
                Question("relative_name", "Họ và tên", Kind.NAME, basis=FORM),
                choice("relation", "Là gì của người mất", RELATIONS, RELATIVES_RULE),
                Question(
                    "relative_birth_date", "Ngày sinh", Kind.DATE, not_future=True, when=BORN, basis=FORM
                ),
                choice("relative_sex", "Giới tính", SEXES, FORM, BORN),
                yes_no(
                    "has_income",
                    "Có thu nhập từ mức lương cơ sở trở lên?",
                    RELATIVES_RULE,
                    MONTHLY & ~When("relation", "con", "con_chua_sinh"),
                ),
                yes_no("loss_81", "Suy giảm từ 81% hoặc khuyết tật đặc biệt nặng?", RELATIVES_RULE, BORN),
                yes_no("without_carer", "Không có người nuôi dưỡng?", law_58("khoản 1 Điều 68"), MONTHLY),
                yes_no("signs_here", "Cùng ký trên cổng?", SIGNED, BORN, help="Cần mã số BHXH và tài khoản."),
                Question("relative_bhxh_number", "Mã số BHXH", Kind.BHXH_NUMBER, when=CO_SIGNS, basis=SIGNED),
            ),
            basis=FORM,
        ),
    ),
)

HISTORY_STEP = Step(
    name="qua_trinh",
    title="Quá trình đóng BHXH của người đã mất",
    questions=(replace(HISTORY_QUESTION, required=False),),
    intro="Để ước tính. Không có sổ trong tay thì bỏ qua; cơ quan BHXH sẽ tính theo sổ.",
    when=CONTRIBUTOR,
    shows_estimate=True,
)

DOCUMENTS = (
    filled_form("to_khai_09hsb", "Tờ khai của thân nhân", "09-HSB", decision_166("Điều 6")),
    Document(
        "chung_tu",
        "Giấy chứng tử, giấy báo tử, trích lục khai tử hoặc quyết định của Tòa án tuyên bố đã chết",
        Copy.COPY,
        law_58("điểm b khoản 1, điểm a khoản 2 Điều 111"),
    ),
    insurance_book(law_58("điểm a khoản 1 Điều 111"), CONTRIBUTOR),
    Document(
        "bien_ban_hop",
        "Biên bản họp của các thân nhân",
        Copy.ORIGINAL,
        law_58("điểm c khoản 1 Điều 111", UNSURE),
        form="16-HSB",
        when=ONCE & (When("gave_up_monthly") | When("several_recipients")),
        condition_note="khi đủ điều kiện hàng tháng mà chọn một lần, hoặc nhiều người cùng hưởng một lần",
        note="Luật yêu cầu có biên bản; số mẫu 16-HSB chưa kiểm chứng.",
    ),
    Document(
        "giam_dinh_81",
        "Biên bản giám định suy giảm khả năng lao động từ 81%, hoặc giấy xác nhận khuyết tật đặc biệt nặng",
        Copy.ORIGINAL,
        decision_166("Điều 6"),
        when=MONTHLY & AnyRow(survivors.RELATIVES, "loss_81"),
        note="Bản sao nếu đã có biên bản để hưởng chính sách khác, hoặc bản sao giấy xác nhận khuyết tật.",
    ),
    Document(
        "bb_tnld",
        "Biên bản điều tra tai nạn lao động (thêm biên bản tai nạn giao thông) hoặc bệnh án bệnh nghề nghiệp",
        Copy.COPY,
        law_58("điểm d khoản 1 Điều 111"),
        when=When("is_work_accident"),
    ),
    Document(
        "giai_trinh_nop_cham",
        "Văn bản giải trình nộp hồ sơ chậm",
        Copy.ORIGINAL,
        law_58("khoản 1 Điều 116"),
        condition_note="khi nộp sau 90 ngày từ ngày mất",
    ),
    AUTHORIZATION,
)

RULES = (
    *cautions.PERSON_RULES,
    *cautions.history_rules("deceased_birth_date"),
    *cautions.PAYMENT_RULES,
    cautions.caution(
        "through_the_employer",
        "employer_closed_book",
        "Người đang đóng BHXH mất thì gia đình nộp hồ sơ cho đơn vị; chỉ nộp ở đây khi đơn vị đã chốt sổ.",
        cautions.is_no("employer_closed_book"),
        WHO_RECEIVES,
    ),
    cautions.caution(
        "accident_through_the_employer",
        "is_work_accident",
        "Tai nạn lao động, bệnh nghề nghiệp khi đang làm việc: hồ sơ phải qua đơn vị nơi người mất làm việc.",
        cautions.is_yes("is_work_accident"),
        WHO_RECEIVES,
        when=ACTIVE,
    ),
    cautions.caution(
        "filed_late",
        "death_date",
        "Đã quá 90 ngày từ ngày mất. Vẫn nộp được, kèm văn bản giải trình lý do nộp chậm.",
        cautions.is_late("death_date", 90),
        law_58("khoản 1 Điều 112, khoản 1 Điều 116"),
    ),
    cautions.caution(
        "must_stay_monthly",
        "claim",
        "Con dưới 6 tuổi, con hoặc vợ, chồng suy giảm từ 81% thì không được đổi hàng tháng lấy một lần.",
        cautions.must_stay_monthly,
        NO_CHOICE,
        when=ONCE & When("gave_up_monthly"),
    ),
    cautions.caution(
        "no_eligible_relative",
        survivors.RELATIVES,
        "Theo tuổi và thu nhập đã khai, chưa có ai đủ điều kiện hưởng hàng tháng. Gia đình xem lại giúp.",
        cautions.no_eligible_relative,
        RELATIVES_RULE,
        when=MONTHLY,
    ),
)

PROCEDURE = Procedure(
    code="tu_tuat",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=3,
    name="Giải quyết hưởng chế độ tử tuất",
    plain_name="Trợ cấp khi người thân mất",
    summary="Tiền mai táng và trợ cấp tuất cho gia đình của người đóng hoặc đang hưởng BHXH đã mất.",
    keywords="mai táng phí, tiền tuất, người chết, qua đời, thân nhân, thờ cúng",
    form="09-HSB",
    legal_basis=(
        law_58("Điều 66 đến Điều 71, Điều 80, Điều 81, Điều 111, Điều 112"),
        decree_115("Điều 12, Điều 13, Điều 14"),
        circular_59("Điều 24 đến Điều 27"),
    ),
    who_may_file="Thân nhân hoặc người lo mai táng; không có thân nhân thì người thừa kế.",
    who_basis=law_58("Điều 66, Điều 69, Điều 112"),
    branches=BRANCHES,
    steps=(PERSON_STEP, DECEASED_STEP, CLAIM_STEP, HISTORY_STEP, PAYMENT_STEP, REPRESENTATIVE_STEP),
    rules=RULES,
    co_signers=CoSigners(
        table=survivors.RELATIVES,
        name_column="relative_name",
        bhxh_number_column="relative_bhxh_number",
        when=CO_SIGNS,
        basis=SIGNED,
    ),
    documents=DOCUMENTS,
    filing_limit=FilingLimit(
        "Trong 90 ngày từ ngày mất; muộn hơn thì kèm văn bản giải trình. Giám định 81%: trong 4 tháng.",
        law_58("khoản 4 Điều 67, khoản 1 Điều 112, khoản 1 Điều 116"),
        days=90,
        since="death_date",
        late_document="giai_trinh_nop_cham",
    ),
    deadlines=(
        Deadline(15, Unit.DAY, law_58("khoản 3 Điều 112")),
        Deadline(8, Unit.WORKING_DAY, decision_166("Điều 5", UNSURE), is_service=True),
    ),
    agency="BHXH nơi thân nhân cư trú; người mất đang hưởng thì nơi thân nhân cư trú hoặc nơi đang chi trả",
    agency_basis=SHEET,
    routes=(
        Route("paying_province", "Nơi đang trả trợ cấp cho người đã mất", SHEET, AT_PAYING_PLACE),
        Route("address", "Nơi thân nhân nộp hồ sơ cư trú", SHEET),
    ),
    results=(
        Result("Quyết định về việc hưởng trợ cấp mai táng", SHEET),
        Result("Quyết định về việc hưởng trợ cấp tuất hàng tháng hoặc một lần", vss_sheet("", KNOWN)),
    ),
    refusals=(
        Refusal("chua_du_mai_tang", "Người mất chưa đủ thời gian đóng.", decree_115("khoản 2 Điều 12")),
        Refusal("chua_du_15_nam", "Người mất chưa đủ 15 năm đóng.", law_58("khoản 1 Điều 67")),
        Refusal("than_nhan", "Thân nhân chưa đủ điều kiện về tuổi, sức khỏe hoặc thu nhập.", RELATIVES_RULE),
        Refusal("khong_duoc_doi", "Thân nhân không được đổi lấy một lần.", NO_CHOICE),
        Refusal("nop_qua_don_vi", "Hồ sơ này phải nộp qua đơn vị nơi người mất làm việc.", WHO_RECEIVES),
    ),
    estimate=survivors.estimate,
    formula="Mai táng: 10 × lương cơ sở tháng mất. Hàng tháng: 50% lương cơ sở mỗi người, 70% nếu không có người nuôi "
    "dưỡng; nhiều nhất 4 người; hai người mất thì gấp đôi. Một lần: người đang đóng (1,5 × năm trước 2014 + 2 × năm "
    "từ 2014) × bình quân lương, ít nhất 3 tháng; người hưởng lương hưu 48 tháng, từ tháng thứ ba mỗi tháng đã hưởng "
    "trừ 0,5 tháng, ít nhất 3 tháng.",
    changes_since=(
        (date(2024, 6, 10), "Liên thông khai tử, mai táng phí, tử tuất.", decree_63_2024()),
        (
            date(2025, 7, 1),
            "Lương cơ sở thành mức tham chiếu; tuổi theo Bộ luật Lao động; thời hạn 10 ngày làm việc.",
            law_41("Điều 84 đến Điều 91"),
        ),
    ),
)
