"""1. Giải quyết hưởng BHXH một lần."""

from dataclasses import replace
from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import lump_sum
from procedures.domain.conditions import Compare, When
from procedures.domain.definition import (
    Branch,
    Choice,
    Copy,
    Criterion,
    Deadline,
    Document,
    DocumentGroup,
    FilingLimit,
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
from procedures.domain.papers import (
    AUTHORIZATION,
    SETTLEMENT_GROUP,
    insurance_book,
    request_form,
    settlement_papers,
)
from procedures.domain.questions import (
    HISTORY_STEP,
    PAYMENT_STEP,
    PERSON_STEP,
    REPRESENTATIVE_STEP,
    SETTLEMENT_PAPER_CHOICES,
    choice,
    count,
    yes_no,
)
from procedures.domain.sources import (
    KNOWN,
    UNSURE,
    circular_56,
    circular_59,
    decision_166,
    decision_222,
    decision_3612,
    decree_115,
    law_41,
    law_58,
    resolution_93,
    vss_sheet,
)

# The articles named more than once.
ART_60A = law_58("điểm a khoản 1 Điều 60")
ART_60B = law_58("điểm b khoản 1 Điều 60")
ART_60C = law_58("điểm c khoản 1 Điều 60")
ART_60D = law_58("điểm d khoản 1 Điều 60")
ONE_YEAR = decree_115("điểm b khoản 1 Điều 8")
NOT_CONTRIBUTING = decree_115("khoản 1 Điều 8")
ART_109_3 = law_58("khoản 3 Điều 109")
ART_54 = law_58("Điều 54")
UNVERIFIED = vss_sheet("", UNSURE)

OLD_ENOUGH = When("reason", "du_tuoi")
AFTER_A_YEAR = When("reason", "sau_mot_nam")
ABROAD = When("reason", "dinh_cu")
ILL = When("reason", "benh_hiem_ngheo")
DEMOBILISED = When("reason", "phuc_vien")
OTHER_DISEASE = When("disease", "benh_khac")

BRANCHES = (
    Branch(
        "du_tuoi",
        "Đủ tuổi hưởng lương hưu nhưng chưa đủ 20 năm đóng (nữ cán bộ xã: chưa đủ 15 năm)",
        "Nam đủ 60, nữ đủ 55 tuổi (nghề nặng nhọc, hầm lò, lực lượng vũ trang: tuổi thấp hơn theo Điều 54), "
        "chưa đủ 20 năm đóng và không đóng tiếp BHXH tự nguyện.",
        ART_60A,
        OLD_ENOUGH,
    ),
    Branch(
        "sau_mot_nam",
        "Đã nghỉ việc một năm, chưa đủ 20 năm đóng và không đóng tiếp",
        "Đủ 12 tháng từ khi nghỉ việc hoặc từ lần đóng tự nguyện cuối, chưa đủ 20 năm và không đóng lại.",
        ONE_YEAR,
        AFTER_A_YEAR,
    ),
    Branch("dinh_cu", "Ra nước ngoài để định cư", "Không cần số năm tối thiểu.", ART_60B, ABROAD),
    Branch(
        "benh_hiem_ngheo",
        "Đang mắc bệnh nguy hiểm đến tính mạng",
        "Ung thư, bại liệt, xơ gan cổ chướng, phong, lao nặng, HIV đã chuyển sang AIDS, và bệnh khác theo "
        "quy định của Bộ Y tế.",
        ART_60C,
        ILL,
        note="Tiền Nhà nước hỗ trợ đóng tự nguyện không bị trừ.",
    ),
    Branch(
        "phuc_vien",
        "Bộ đội, công an, cơ yếu phục viên, xuất ngũ, thôi việc mà không đủ điều kiện hưởng lương hưu",
        "Thuộc điểm đ, điểm e khoản 1 Điều 2; không phải chờ một năm.",
        ART_60D,
        DEMOBILISED,
        note="Người còn thuộc BHXH Bộ Quốc phòng, Bộ Công an thì nộp tại đó.",
    ),
)

DISEASES = (
    Choice("ung_thu", "Ung thư"),
    Choice("bai_liet", "Bại liệt"),
    Choice("xo_gan", "Xơ gan cổ chướng"),
    Choice("phong", "Phong"),
    Choice("lao_nang", "Lao nặng"),
    Choice("aids", "Nhiễm HIV đã chuyển sang giai đoạn AIDS"),
    Choice("benh_khac", "Bệnh khác"),
)

REASON = choice("reason", "Ông/bà thuộc trường hợp nào?", branch_choices(BRANCHES), law_58("Điều 60"))
DISEASE = choice("disease", "Bệnh đang mắc", DISEASES, ART_60C, ILL)
AGAIN = yes_no(
    "contributes_again",
    "Hiện ông/bà có đang đóng lại BHXH (bắt buộc hoặc tự nguyện) không?",
    NOT_CONTRIBUTING,
    OLD_ENOUGH | AFTER_A_YEAR,
)

REASON_STEP = Step(
    name="ly_do",
    title="Lý do đề nghị",
    intro="Nhận một lần rồi thì thời gian đã đóng không còn được tính để hưởng lương hưu. "
    "Chưa thật cần, ông/bà có thể để dành (bảo lưu) thời gian đóng.",
    questions=(
        REASON,
        Question(
            "left_on",
            "Ngày nghỉ việc, hoặc ngày đóng tự nguyện lần cuối",
            Kind.DATE,
            when=AFTER_A_YEAR | DEMOBILISED,
            not_future=True,
            basis=ONE_YEAR,
        ),
        AGAIN,
        yes_no(
            "lower_age",
            "Ông/bà từng làm việc nặng nhọc, độc hại, hầm lò, hoặc trong lực lượng vũ trang?",
            ART_54,
            OLD_ENOUGH,
        ),
        yes_no(
            "commune_woman",
            "Trước khi nghỉ, bà có là cán bộ, người hoạt động ở xã, phường, thị trấn không?",
            law_58("khoản 3 Điều 54"),
            OLD_ENOUGH & When("sex", "nu"),
        ),
        choice(
            "settlement_paper",
            "Ông/bà có giấy tờ định cư nào?",
            SETTLEMENT_PAPER_CHOICES,
            ART_109_3,
            ABROAD,
            required=False,
            help="Chỉ cần một loại. Chưa chắc thì để trống.",
        ),
        DISEASE,
        yes_no(
            "army_regional_allowance",
            "Trước 01/01/2007 ông/bà có đi bộ đội ở nơi có phụ cấp khu vực mà sổ BHXH chưa ghi đủ không?",
            circular_59("Điều 31"),
        ),
    ),
)

DOCUMENTS = (
    insurance_book(law_58("khoản 1 Điều 109")),
    request_form(law_58("khoản 2 Điều 109")),
    *settlement_papers(ABROAD),
    Document(
        "ho_so_benh_an",
        "Trích sao hoặc tóm tắt hồ sơ bệnh án thể hiện tình trạng không tự phục vụ được",
        Copy.COPY,
        law_58("khoản 4 Điều 109"),
        when=ILL & ~OTHER_DISEASE,
        one_of="benh",
        note="Luật chỉ ghi “trích sao hồ sơ bệnh án”; phần sau là yêu cầu của BHXH Việt Nam.",
    ),
    Document(
        "bien_ban_gdyk",
        "Biên bản giám định mức suy giảm khả năng lao động từ 81% trở lên của Hội đồng giám định y khoa",
        Copy.ORIGINAL,
        circular_56("Điều 4", KNOWN),
        when=ILL & OTHER_DISEASE,
        one_of="benh",
        note="Thay cho hồ sơ bệnh án khi bệnh không nằm trong sáu bệnh luật nêu tên.",
    ),
    Document(
        "qd_phuc_vien", "Quyết định phục viên, xuất ngũ, thôi việc", Copy.COPY, UNVERIFIED, when=DEMOBILISED
    ),
    Document(
        "khai_phu_cap_khu_vuc",
        "Bản khai về thời gian, địa bàn phục vụ trong Quân đội có hưởng phụ cấp khu vực",
        Copy.ORIGINAL,
        vss_sheet("mẫu 04B-HBQP trong"),
        form="04B-HBQP",
        when=When("army_regional_allowance"),
        condition_note="khi đi bộ đội trước 01/01/2007 ở nơi có phụ cấp khu vực mà sổ chưa ghi đủ",
        note="Bản công bố năm 2021 dẫn Thông tư 136/2020/TT-BQP; căn cứ của năm 2019 chưa kiểm chứng.",
    ),
    AUTHORIZATION,
)

RULES = (
    *cautions.PERSON_RULES,
    *cautions.history_rules(),
    *cautions.PAYMENT_RULES,
    cautions.caution(
        "left_recently",
        "left_on",
        "Ông/bà nghỉ việc chưa đủ 12 tháng. Hồ sơ nhiều khả năng bị từ chối; nên chờ đủ một năm rồi nộp.",
        cautions.left_within_a_year,
        ONE_YEAR,
        when=AFTER_A_YEAR,
    ),
    cautions.caution(
        "contributed_after_leaving",
        "history",
        "Có tháng đóng sau ngày nghỉ việc đã khai. Ông/bà xem lại ngày nghỉ việc.",
        cautions.contributed_after_leaving,
        ONE_YEAR,
        when=AFTER_A_YEAR,
    ),
    cautions.caution(
        "contributes_again",
        "contributes_again",
        "Người đang đóng lại BHXH thì chưa được nhận một lần trong trường hợp này.",
        cautions.is_yes("contributes_again"),
        NOT_CONTRIBUTING,
    ),
    cautions.caution(
        "has_twenty_years",
        "history",
        "Ông/bà đã đóng đủ 20 năm: có thể hưởng lương hưu, và trường hợp này thường không được nhận một lần.",
        cautions.has_twenty_years,
        ART_60A,
        when=OLD_ENOUGH | AFTER_A_YEAR,
    ),
    cautions.caution(
        "has_fifteen_years",
        "history",
        "Nữ cán bộ xã đóng đủ 15 năm đã có thể hưởng lương hưu. Bà nên hỏi cơ quan BHXH trước.",
        cautions.has_fifteen_years,
        law_58("khoản 3 Điều 54"),
        when=OLD_ENOUGH & When("commune_woman"),
    ),
    cautions.caution(
        "below_pension_age",
        "reason",
        "Theo ngày sinh đã khai, ông/bà chưa đủ tuổi hưởng lương hưu (nam 60, nữ 55).",
        cautions.is_below_pension_age,
        ART_54,
        when=OLD_ENOUGH & ~When("lower_age"),
    ),
)

PRECHECK = Precheck(
    questions=(
        replace(REASON, choices=(*REASON.choices, Choice("khac", "Không thuộc trường hợp nào ở trên"))),
        replace(DISEASE, required=False),
        count("years_contributed", "Đã đóng BHXH khoảng mấy năm?", ART_60A, most=60),
        count("months_since_leaving", "Đã nghỉ việc được mấy tháng?", ONE_YEAR, AFTER_A_YEAR, most=720),
        AGAIN,
    ),
    criteria=(
        Criterion(
            When("reason", "khac"),
            Verdict.UNLIKELY,
            "Chưa thuộc trường hợp nào luật cho nhận một lần; thời gian đã đóng được bảo lưu.",
            law_58("Điều 60, Điều 61"),
        ),
        Criterion(ABROAD, Verdict.LIKELY, "Định cư ở nước ngoài thì được nhận, không kể số năm.", ART_60B),
        Criterion(
            ILL & OTHER_DISEASE,
            Verdict.CANNOT_TELL,
            "Bệnh khác cần Hội đồng giám định y khoa kết luận từ 81%.",
            circular_56("Điều 4", KNOWN),
        ),
        Criterion(ILL, Verdict.LIKELY, "Mắc bệnh luật nêu tên thì được nhận một lần.", ART_60C),
        Criterion(
            DEMOBILISED & Compare("years_contributed", "<", 20),
            Verdict.LIKELY,
            "Phục viên, xuất ngũ chưa đủ điều kiện lương hưu thì được nhận.",
            ART_60D,
        ),
        Criterion(
            When("contributes_again"),
            Verdict.UNLIKELY,
            "Đang đóng lại thì chưa được nhận; thời gian cũ được cộng nối.",
            NOT_CONTRIBUTING,
        ),
        Criterion(
            (OLD_ENOUGH | AFTER_A_YEAR) & Compare("years_contributed", ">=", 20),
            Verdict.UNLIKELY,
            "Đóng đủ 20 năm thì hưởng lương hưu, không nhận một lần.",
            ART_60A,
        ),
        Criterion(
            AFTER_A_YEAR & Compare("months_since_leaving", "<", 12),
            Verdict.UNLIKELY,
            "Phải nghỉ việc đủ 12 tháng rồi mới nộp được.",
            ONE_YEAR,
        ),
        Criterion(
            AFTER_A_YEAR & Compare("months_since_leaving", ">=", 12) & Compare("years_contributed", "<", 20),
            Verdict.LIKELY,
            "Nghỉ việc đủ một năm, chưa đủ 20 năm đóng thì được nhận.",
            ONE_YEAR,
        ),
        Criterion(
            OLD_ENOUGH & Compare("years_contributed", "<", 15),
            Verdict.LIKELY,
            "Đủ tuổi mà chưa đủ năm đóng thì được nhận một lần.",
            ART_60A,
        ),
    ),
)

PROCEDURE = Procedure(
    code="bhxh_mot_lan",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=1,
    name="Giải quyết hưởng BHXH một lần",
    plain_name="Rút BHXH một lần",
    summary="Nhận một lần số tiền BHXH đã đóng, khi không hưởng lương hưu.",
    keywords="rút bảo hiểm, lĩnh bảo hiểm, lãnh bảo hiểm, thôi việc, nghỉ việc, lấy tiền sổ bảo hiểm",
    form="14-HSB",
    legal_basis=(
        law_58("Điều 60, Điều 77, Điều 109, Điều 110"),
        resolution_93(),
        decree_115("Điều 8"),
        circular_59("Điều 19, Điều 20"),
        circular_56("Điều 4"),
    ),
    who_may_file="Người đã đóng BHXH bắt buộc (nay đã nghỉ việc) hoặc tự nguyện; có thể ủy quyền người khác.",
    who_basis=law_58("khoản 1 Điều 60, khoản 1 Điều 77"),
    branches=BRANCHES,
    steps=(PERSON_STEP, REASON_STEP, HISTORY_STEP, PAYMENT_STEP, REPRESENTATIVE_STEP),
    rules=RULES,
    documents=DOCUMENTS,
    groups=(SETTLEMENT_GROUP, DocumentGroup("benh", "Giấy tờ về bệnh")),
    filing_limit=FilingLimit(
        "Trong 30 ngày từ khi đủ điều kiện và có yêu cầu; nộp muộn hơn vẫn được nhận, không phải giải trình.",
        law_58("khoản 3 Điều 110, khoản 1 Điều 116"),
    ),
    deadlines=(
        Deadline(5, Unit.WORKING_DAY, decision_166(), is_service=True),
        Deadline(10, Unit.DAY, law_58("khoản 4 Điều 110"), note="gồm cả chi trả"),
    ),
    agency="BHXH huyện hoặc BHXH tỉnh nơi cư trú",
    agency_basis=vss_sheet(),
    routes=(Route("address", "Nơi ông/bà cư trú", vss_sheet()),),
    results=(
        Result("Quyết định về việc hưởng BHXH một lần", vss_sheet("", KNOWN)),
        Result("Bản quá trình đóng BHXH", UNVERIFIED),
        Result("Tiền trợ cấp (tài khoản, tiền mặt hoặc bưu điện)", vss_sheet()),
    ),
    refusals=(
        Refusal("chua_du_mot_nam", "Tính đến ngày nộp, ông/bà nghỉ việc chưa đủ 12 tháng.", ONE_YEAR),
        Refusal("dang_dong", "Ông/bà hiện đang tiếp tục đóng BHXH.", NOT_CONTRIBUTING),
        Refusal("du_20_nam", "Ông/bà đã đóng đủ 20 năm, thuộc diện hưởng lương hưu.", ART_60A),
        Refusal("chua_du_tuoi", "Ông/bà chưa đủ tuổi hưởng lương hưu.", ART_54),
        Refusal("giay_to_dinh_cu", "Giấy tờ định cư không thuộc các loại luật quy định.", ART_109_3),
        Refusal("benh_khong_thuoc_danh_muc", "Bệnh không thuộc các bệnh theo quy định.", ART_60C),
    ),
    precheck=PRECHECK,
    estimate=lump_sum.estimate,
    formula="(1,5 × số năm trước 2014 + 2 × số năm từ 2014) × mức bình quân tiền lương tháng đóng BHXH. "
    "Tháng lẻ trước 2014 chuyển sang giai đoạn sau; lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm. "
    "Đóng chưa đủ một năm: 22% số lương đã đóng, nhiều nhất 2 tháng bình quân. "
    "Tiền Nhà nước hỗ trợ đóng tự nguyện bị trừ, trừ trường hợp bệnh nguy hiểm đến tính mạng.",
    changes_since=(
        (date(2021, 2, 25), "BHXH Việt Nam công bố lại thành phần hồ sơ.", decision_222()),
        (date(2022, 12, 9), "Thí điểm mẫu 14A-HSB ký số từ xa trên điện thoại.", decision_3612()),
        (
            date(2025, 7, 1),
            "Trường hợp “sau một năm” chỉ còn cho người đã đóng trước 01/07/2025; đủ tuổi thì mốc là 15 năm; "
            "thêm trường hợp suy giảm từ 81% hoặc khuyết tật đặc biệt nặng; thời hạn 7 ngày làm việc.",
            law_41("Điều 78, Điều 79"),
        ),
    ),
)
