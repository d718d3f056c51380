"""7. Trợ cấp cho nhà giáo đã nghỉ hưu theo Quyết định 52/2013/QĐ-TTg."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.benefits import teachers
from procedures.domain.conditions import Compare, When
from procedures.domain.precheck import cannot_tell, likely, unlikely

TEACHER = When("claimant", "nha_giao")
RELATIVE = When("claimant", "than_nhan")

CONDITIONS, FORMULA = law.decision_52("Điều 3"), law.decision_52("Điều 4")
DOSSIER = law.vss_letter("Công văn 4281/BHXH-CSXH năm 2013,")
PAYING_PLACE = law.vss_sheet("", law.KNOWN)
RETIRED_FROM, RETIRED_TO, DIED_FROM = date(1994, 1, 1), date(2011, 5, 31), date(2012, 1, 1)

BRANCHES = (
    d.Branch("nha_giao", "Nhà giáo đang hưởng lương hưu",
        "Từ đủ 5 năm trực tiếp dạy ở cơ sở công lập; nghỉ hưu từ 01/01/1994 đến 31/05/2011; đang hưởng lương hưu "
        "ngày 01/01/2012.", CONDITIONS, TEACHER),
    d.Branch("than_nhan", "Thân nhân của nhà giáo mất từ 01/01/2012 mà chưa được giải quyết",
        "Nhà giáo đủ các điều kiện trên và mất từ 01/01/2012.", DOSSIER, RELATIVE),
)

DREW = ask.yes_no("drew_in_2012", "Ngày 01/01/2012 có đang hưởng lương hưu không?", CONDITIONS)

PROCEDURE = d.Procedure(
    code="tro_cap_nha_giao", edition="2019", valid_from=date(2019, 1, 1),
    valid_to=date(2020, 3, 14),  # replaced by Decree 14/2020
    order=7,
    name="Giải quyết hưởng trợ cấp đối với nhà giáo đã nghỉ hưu chưa được hưởng chế độ phụ cấp thâm niên trong lương "
        "hưu theo Quyết định số 52/2013/QĐ-TTg",
    plain_name="Trợ cấp một lần cho nhà giáo đã nghỉ hưu", form="01-QĐ52",
    summary="Trợ cấp một lần cho thầy cô nghỉ hưu mà lương hưu chưa có phụ cấp thâm niên.",
    keywords="giáo viên, thầy giáo, cô giáo, thâm niên, QĐ 52",
    legal_basis=(law.decision_52(), DOSSIER),
    who_may_file="Nhà giáo đã nghỉ hưu; thân nhân, nếu nhà giáo mất từ 01/01/2012 mà chưa được giải quyết.",
    who_basis=DOSSIER,
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            ask.count("taught_years", "Đã trực tiếp dạy ở trường công lập mấy năm?", CONDITIONS, most=60),
            ask.yes_no("retired_in_time", "Nghỉ hưu từ 01/01/1994 đến 31/05/2011?", CONDITIONS),
            DREW,
            ask.yes_no("has_seniority", "Lương hưu đã có phụ cấp thâm niên nhà giáo chưa?", law.decision_52()),
        ),
        criteria=(
            unlikely(When("has_seniority"), "Đã có thâm niên thì không có khoản này.", law.decision_52()),
            unlikely(Compare("taught_years", "<", 5), "Cần từ đủ 5 năm dạy học.", CONDITIONS),
            unlikely(When("retired_in_time", False), "Thời điểm nghỉ hưu không thuộc diện này.", CONDITIONS),
            cannot_tell(When("drew_in_2012", False), "Nếu lúc đó bị tạm dừng thì xét sau khi hưởng lại.", CONDITIONS),
            likely(Compare("taught_years", ">=", 5) & When("retired_in_time") & When("drew_in_2012"),
                "Đủ thời gian dạy học và đang hưởng lương hưu thì được trợ cấp.", CONDITIONS),
        ),
    ),
    agency="BHXH tỉnh nơi đang chi trả lương hưu (nộp qua BHXH huyện)",
    agency_basis=law.vss_sheet(),
    routes=(d.Route("paying_province", "Nơi đang trả lương hưu", PAYING_PLACE),),
    steps=(
        questions.PERSON_STEP,
        d.Step("nha_giao", "Nhà giáo và thời gian dạy học", (
            ask.choice("claimant", "Ông/bà nộp với tư cách nào?", d.branch_choices(BRANCHES), CONDITIONS),
            ask.person("teacher_name", "Họ và tên nhà giáo đã mất", DOSSIER, RELATIVE),
            ask.past_day("death_date", "Ngày mất", DOSSIER, RELATIVE),
            ask.text("filer_relation", "Ông/bà là gì của nhà giáo?", DOSSIER, RELATIVE),
            ask.past_day("retired_on", "Ngày nghỉ hưu", CONDITIONS),
            DREW,
            ask.money("monthly_pension", "Lương hưu mỗi tháng (đồng)", FORMULA),
            ask.province("paying_province", "Nơi đang trả lương hưu", PAYING_PLACE,
                help="Nhà giáo đã mất: nơi trả lương hưu trước khi mất."),
            ask.table("teaching", "Thời gian trực tiếp dạy học", "trường", (
                ask.text("school", "Tên trường công lập", CONDITIONS),
                ask.past_month("taught_from", "Từ tháng", CONDITIONS),
                ask.past_month("taught_to", "Đến hết tháng", CONDITIONS),
            ), CONDITIONS),
        ), shows_estimate=True),
        questions.PAYMENT_STEP,
        questions.REPRESENTATIVE_STEP,
    ),
    rules=(
        *rules.COMMON,
        *rules.of_death(DOSSIER),
        rules.row_wall("teaching_order", ("teaching", "taught_to"), rules.teaching_turned_round, CONDITIONS,
            "Tháng bắt đầu sau tháng kết thúc. Ông/bà xem lại hai tháng của trường này."),
        rules.warning("taught_under_five_years", "teaching", rules.taught_under_five_years, CONDITIONS,
            "Tổng thời gian dạy học chưa đủ 5 năm (60 tháng) nên nhiều khả năng bị từ chối."),
        rules.warning("retired_outside", "retired_on", rules.day_is_outside("retired_on", RETIRED_FROM, RETIRED_TO),
            CONDITIONS, "Chỉ áp dụng cho người nghỉ hưu từ 01/01/1994 đến 31/05/2011. Ông/bà xem lại ngày nghỉ hưu."),
        rules.warning("did_not_draw_in_2012", "drew_in_2012", rules.is_no("drew_in_2012"), CONDITIONS,
            "Cần đang hưởng lương hưu ngày 01/01/2012. Nếu lúc đó bị tạm dừng thì sau khi hưởng lại mới xét."),
        rules.warning("died_before_2012", "death_date", rules.day_is_outside("death_date", DIED_FROM), DOSSIER,
            "Chỉ áp dụng cho nhà giáo mất từ 01/01/2012."),
    ),
    documents=(
        papers.filled_form("to_khai_01qd52", "Tờ khai đề nghị hưởng trợ cấp", "01-QĐ52", DOSSIER, TEACHER),
        papers.filled_form("to_khai_02qd52", "Tờ khai đề nghị hưởng trợ cấp của thân nhân", "02-QĐ52",
            DOSSIER, RELATIVE),
        papers.photocopy("qd_huu_tri", "Quyết định hưởng chế độ hưu trí của nhà giáo", DOSSIER),
        papers.copy("chung_tu", "Giấy chứng tử, giấy báo tử hoặc quyết định của Tòa án tuyên bố đã chết",
            DOSSIER, RELATIVE),
        papers.AUTHORIZATION,
    ),
    deadlines=(
        d.Deadline(30, d.Unit.WORKING_DAY, law.vss_sheet("thủ tục 1.001646 trong"), is_service=True),
        d.Deadline(12, d.Unit.WORKING_DAY, law.vss_letter("Công văn 778/BHXH-CSXH ngày 11/03/2020,"), is_service=True,
            note="chỉ cho Nghị định 14/2020/NĐ-CP", is_later_rule=True),
    ),
    results=(d.Result("Quyết định hưởng trợ cấp", law.vss_sheet("", law.KNOWN)),),
    refusals=(
        d.Refusal("chua_du_5_nam", "Thời gian trực tiếp dạy học chưa đủ 5 năm.", CONDITIONS),
        d.Refusal("ngoai_thoi_gian", "Nghỉ hưu ngoài khoảng 01/01/1994 đến 31/05/2011.", CONDITIONS),
        d.Refusal("khong_huong_2012", "Không hưởng lương hưu vào ngày 01/01/2012.", CONDITIONS),
        d.Refusal("da_huong", "Đã được giải quyết trợ cấp này.", law.decision_52("", law.KNOWN)),
    ),
    estimate=teachers.estimate,
    formula="10% × lương hưu mỗi tháng × số năm dạy học được tính. Lương hưu của tháng nào, cách tính tháng lẻ và mức "
        "thấp nhất: chưa kiểm chứng.",
    changes_since=(
        (date(2020, 3, 15), "Nghị định 14/2020/NĐ-CP thay thế: điều kiện như cũ, lương hưu của tháng có hiệu lực; "
            "không hưởng hai lần.", law.decree_14()),
    ),
)
