"""7. Trợ cấp cho nhà giáo đã nghỉ hưu theo Quyết định 52/2013/QĐ-TTg."""

from datetime import date

from procedures.domain import cautions
from procedures.domain.benefits import teachers
from procedures.domain.conditions import Compare, When
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
    Rule,
    Step,
    Unit,
    Verdict,
    branch_choices,
)
from procedures.domain.papers import AUTHORIZATION, filled_form
from procedures.domain.questions import PAYMENT_STEP, PERSON_STEP, REPRESENTATIVE_STEP, choice, yes_no
from procedures.domain.sources import KNOWN, decision_52, decree_14, vss_letter, vss_sheet

TEACHER = When("claimant", "nha_giao")
RELATIVE = When("claimant", "than_nhan")
CONDITIONS = decision_52("Điều 3")
FORMULA = decision_52("Điều 4")
DOSSIER = vss_letter("Công văn 4281/BHXH-CSXH năm 2013,")
RETIRED_FROM, RETIRED_TO = date(1994, 1, 1), date(2011, 5, 31)
DIED_FROM = date(2012, 1, 1)

BRANCHES = (
    Branch(
        "nha_giao",
        "Nhà giáo đang hưởng lương hưu",
        "Từ đủ 5 năm trực tiếp dạy ở cơ sở công lập; nghỉ hưu từ 01/01/1994 đến 31/05/2011; đang hưởng lương hưu "
        "ngày 01/01/2012.",
        CONDITIONS,
        TEACHER,
    ),
    Branch(
        "than_nhan",
        "Thân nhân của nhà giáo mất từ 01/01/2012 mà chưa được giải quyết",
        "Nhà giáo đủ các điều kiện trên và mất từ 01/01/2012.",
        DOSSIER,
        RELATIVE,
    ),
)

TEACHING_STEP = Step(
    name="nha_giao",
    title="Nhà giáo và thời gian dạy học",
    shows_estimate=True,
    questions=(
        choice("claimant", "Ông/bà nộp với tư cách nào?", branch_choices(BRANCHES), CONDITIONS),
        Question("teacher_name", "Họ và tên nhà giáo đã mất", Kind.NAME, when=RELATIVE, basis=DOSSIER),
        Question("death_date", "Ngày mất", Kind.DATE, not_future=True, when=RELATIVE, basis=DOSSIER),
        Question("filer_relation", "Ông/bà là gì của nhà giáo?", when=RELATIVE, basis=DOSSIER),
        Question("retired_on", "Ngày nghỉ hưu", Kind.DATE, not_future=True, basis=CONDITIONS),
        yes_no("drew_in_2012", "Ngày 01/01/2012 có đang hưởng lương hưu không?", CONDITIONS),
        Question("monthly_pension", "Lương hưu mỗi tháng (đồng)", Kind.MONEY, minimum=1, basis=FORMULA),
        Question(
            "paying_province",
            "Nơi đang trả lương hưu",
            Kind.PROVINCE,
            help="Nhà giáo đã mất: nơi trả lương hưu trước khi mất.",
            basis=vss_sheet("", KNOWN),
        ),
        Question(
            teachers.TABLE,
            "Thời gian trực tiếp dạy học",
            Kind.TABLE,
            row_name="trường",
            columns=(
                Question("school", "Tên trường công lập", basis=CONDITIONS),
                Question("taught_from", "Từ tháng", Kind.MONTH, not_future=True, basis=CONDITIONS),
                Question("taught_to", "Đến hết tháng", Kind.MONTH, not_future=True, basis=CONDITIONS),
            ),
            basis=CONDITIONS,
        ),
    ),
)

RULES = (
    *cautions.PERSON_RULES,
    *cautions.PAYMENT_RULES,
    Rule(
        "teaching_order",
        teachers.TABLE,
        "Có trường mà tháng bắt đầu sau tháng kết thúc.",
        cautions.teaching_turned_round,
        CONDITIONS,
    ),
    cautions.caution(
        "taught_under_five_years",
        teachers.TABLE,
        "Tổng thời gian dạy học chưa đủ 5 năm (60 tháng) nên nhiều khả năng bị từ chối.",
        cautions.taught_under_five_years,
        CONDITIONS,
    ),
    cautions.caution(
        "retired_outside",
        "retired_on",
        "Chỉ áp dụng cho người nghỉ hưu từ 01/01/1994 đến 31/05/2011. Ông/bà xem lại ngày nghỉ hưu.",
        cautions.day_is_outside("retired_on", RETIRED_FROM, RETIRED_TO),
        CONDITIONS,
    ),
    cautions.caution(
        "did_not_draw_in_2012",
        "drew_in_2012",
        "Cần đang hưởng lương hưu ngày 01/01/2012. Nếu lúc đó bị tạm dừng thì sau khi hưởng lại mới xét.",
        cautions.is_no("drew_in_2012"),
        CONDITIONS,
    ),
    cautions.caution(
        "died_before_2012",
        "death_date",
        "Chỉ áp dụng cho nhà giáo mất từ 01/01/2012.",
        cautions.day_is_outside("death_date", DIED_FROM),
        DOSSIER,
    ),
)

PROCEDURE = Procedure(
    code="tro_cap_nha_giao",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2020, 3, 14),  # replaced by Decree 14/2020
    order=7,
    name="Giải quyết hưởng trợ cấp đối với nhà giáo đã nghỉ hưu chưa được hưởng chế độ phụ cấp thâm niên trong lương "
    "hưu theo Quyết định số 52/2013/QĐ-TTg",
    plain_name="Trợ cấp một lần cho nhà giáo đã nghỉ hưu",
    summary="Trợ cấp một lần cho thầy cô nghỉ hưu mà lương hưu chưa có phụ cấp thâm niên.",
    keywords="giáo viên, thầy giáo, cô giáo, thâm niên, QĐ 52",
    form="01-QĐ52",
    legal_basis=(decision_52(), DOSSIER),
    who_may_file="Nhà giáo đã nghỉ hưu; thân nhân, nếu nhà giáo mất từ 01/01/2012 mà chưa được giải quyết.",
    who_basis=DOSSIER,
    branches=BRANCHES,
    steps=(PERSON_STEP, TEACHING_STEP, PAYMENT_STEP, REPRESENTATIVE_STEP),
    rules=RULES,
    documents=(
        filled_form("to_khai_01qd52", "Tờ khai đề nghị hưởng trợ cấp", "01-QĐ52", DOSSIER, TEACHER),
        filled_form(
            "to_khai_02qd52", "Tờ khai đề nghị hưởng trợ cấp của thân nhân", "02-QĐ52", DOSSIER, RELATIVE
        ),
        Document("qd_huu_tri", "Quyết định hưởng chế độ hưu trí của nhà giáo", Copy.PHOTOCOPY, DOSSIER),
        Document(
            "chung_tu",
            "Giấy chứng tử, giấy báo tử hoặc quyết định của Tòa án tuyên bố đã chết",
            Copy.COPY,
            DOSSIER,
            when=RELATIVE,
        ),
        AUTHORIZATION,
    ),
    deadlines=(
        Deadline(30, Unit.WORKING_DAY, vss_sheet("thủ tục 1.001646 trong"), is_service=True),
        Deadline(
            12,
            Unit.WORKING_DAY,
            vss_letter("Công văn 778/BHXH-CSXH ngày 11/03/2020,"),
            is_service=True,
            note="chỉ cho Nghị định 14/2020/NĐ-CP",
            is_later_rule=True,
        ),
    ),
    agency="BHXH tỉnh nơi đang chi trả lương hưu (nộp qua BHXH huyện)",
    agency_basis=vss_sheet(),
    routes=(Route("paying_province", "Nơi đang trả lương hưu", vss_sheet("", KNOWN)),),
    results=(Result("Quyết định hưởng trợ cấp", vss_sheet("", KNOWN)),),
    refusals=(
        Refusal("chua_du_5_nam", "Thời gian trực tiếp dạy học chưa đủ 5 năm.", CONDITIONS),
        Refusal("ngoai_thoi_gian", "Nghỉ hưu ngoài khoảng 01/01/1994 đến 31/05/2011.", CONDITIONS),
        Refusal("khong_huong_2012", "Không hưởng lương hưu vào ngày 01/01/2012.", CONDITIONS),
        Refusal("da_huong", "Đã được giải quyết trợ cấp này.", decision_52("", KNOWN)),
    ),
    precheck=Precheck(
        questions=(
            Question(
                "taught_years",
                "Đã trực tiếp dạy ở trường công lập mấy năm?",
                Kind.INTEGER,
                minimum=0,
                maximum=60,
            ),
            Question("retired_in_time", "Nghỉ hưu từ 01/01/1994 đến 31/05/2011?", Kind.YES_NO),
            Question("drew_in_2012", "Ngày 01/01/2012 có đang hưởng lương hưu không?", Kind.YES_NO),
            Question("has_seniority", "Lương hưu đã có phụ cấp thâm niên nhà giáo chưa?", Kind.YES_NO),
        ),
        criteria=(
            Criterion(
                When("has_seniority"),
                Verdict.UNLIKELY,
                "Đã có thâm niên thì không có khoản này.",
                decision_52(),
            ),
            Criterion(
                Compare("taught_years", "<", 5), Verdict.UNLIKELY, "Cần từ đủ 5 năm dạy học.", CONDITIONS
            ),
            Criterion(
                When("retired_in_time", False),
                Verdict.UNLIKELY,
                "Thời điểm nghỉ hưu không thuộc diện này.",
                CONDITIONS,
            ),
            Criterion(
                When("drew_in_2012", False),
                Verdict.CANNOT_TELL,
                "Nếu lúc đó bị tạm dừng thì xét sau khi hưởng lại.",
                CONDITIONS,
            ),
            Criterion(
                Compare("taught_years", ">=", 5) & When("retired_in_time") & When("drew_in_2012"),
                Verdict.LIKELY,
                "Đủ thời gian dạy học và đang hưởng lương hưu thì được trợ cấp.",
                CONDITIONS,
            ),
        ),
    ),
    estimate=teachers.estimate,
    formula="10% × lương hưu mỗi tháng × số năm dạy học được tính. Lương hưu của tháng nào, cách tính tháng lẻ và mức "
    "thấp nhất: chưa kiểm chứng.",
    changes_since=(
        (
            date(2020, 3, 15),
            "Nghị định 14/2020/NĐ-CP thay thế: điều kiện như cũ, lương hưu của tháng có hiệu lực; không hưởng hai lần.",
            decree_14(),
        ),
    ),
)
