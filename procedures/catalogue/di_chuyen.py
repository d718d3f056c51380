"""5. Di chuyển nơi hưởng lương hưu, trợ cấp BHXH hàng tháng sang tỉnh khác."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.conditions import When
from procedures.domain.precheck import likely, unlikely

DRAWING = When("holder_status", "dang_huong")
WAITING = When("holder_status", "cho_huong")

MOVING = law.law_58("Điều 115")
REGIONAL_ALLOWANCE = law.decree_115("điểm b khoản 2 Điều 21")

BRANCHES = (
    d.Branch("dang_huong", "Đang hưởng lương hưu, trợ cấp hàng tháng",
        "Chuyển đến nơi ở khác trong nước và muốn nhận tại nơi ở mới.", MOVING, DRAWING),
    d.Branch("cho_huong", "Đang chờ đủ tuổi để hưởng lương hưu, trợ cấp hàng tháng",
        "Hồ sơ chờ đang do BHXH tỉnh quản lý.", law.vss_sheet(), WAITING),
)

PROCEDURE = d.Procedure(
    code="di_chuyen", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=5,
    name="Giải quyết di chuyển đối với người đang hưởng lương hưu, trợ cấp BHXH hàng tháng và người chờ hưởng lương "
        "hưu, trợ cấp hàng tháng từ tỉnh này đến tỉnh khác",
    plain_name="Chuyển nơi nhận lương hưu sang tỉnh khác", form="14-HSB",
    summary="Chuyển nhà sang tỉnh khác và muốn nhận lương hưu, trợ cấp ở nơi ở mới.",
    keywords="chuyển hộ khẩu, chuyển nhà, chuyển nơi lĩnh lương hưu, chuyển lương",
    legal_basis=(MOVING,),
    who_may_file="Người đang hưởng hàng tháng, hoặc người đang chờ đủ tuổi hưởng.",
    who_basis=law.vss_sheet(),
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            ask.yes_no("moves_province", "Ông/bà chuyển hẳn sang tỉnh, thành phố khác?", MOVING),
            ask.yes_no("draws_or_waits", "Ông/bà đang hưởng hoặc đang chờ hưởng hàng tháng?", MOVING),
        ),
        criteria=(
            unlikely(When("draws_or_waits", False),
                "Thủ tục này chỉ dành cho người đang hưởng hoặc đang chờ hưởng hàng tháng.", MOVING),
            unlikely(When("moves_province", False),
                "Ở cùng tỉnh thì chỉ cần báo đổi nơi nhận, không phải chuyển tỉnh.", MOVING),
            likely(When("moves_province") & When("draws_or_waits"),
                "Chuyển nơi ở trong nước thì được chuyển nơi hưởng theo đơn.", MOVING),
        ),
    ),
    agency="BHXH huyện hoặc BHXH tỉnh nơi đang chi trả (người chờ: BHXH tỉnh đang giữ hồ sơ); "
        "BHXH tỉnh nơi đến tiếp nhận và báo người hưởng đăng ký nhận",
    agency_basis=MOVING,
    routes=(d.Route("paying_province", "Nơi đang trả, hoặc đang giữ hồ sơ chờ của ông/bà", MOVING),),
    onward=d.Route("new_address", "Nơi ở mới, nơi sẽ trả tiếp cho ông/bà", law.vss_sheet()),
    steps=(
        questions.PERSON_STEP,
        d.Step("noi_huong", "Nơi đi và nơi đến", (
            ask.choice("holder_status", "Ông/bà thuộc trường hợp nào?", d.branch_choices(BRANCHES), MOVING),
            ask.province("paying_province", "Nơi đang trả lương hưu, trợ cấp, hoặc đang giữ hồ sơ chờ", MOVING),
            ask.address("new_address", "Nơi ở mới", MOVING),
            ask.month("last_month_here", "Nhận ở nơi cũ đến hết tháng nào?", law.vss_sheet("", law.UNSURE), DRAWING,
                required=False),
            ask.yes_no("draws_regional_allowance", "Ông/bà có đang hưởng phụ cấp khu vực không?",
                REGIONAL_ALLOWANCE, DRAWING),
            ask.yes_no("new_place_has_allowance", "Nơi ở mới có phụ cấp khu vực không?", REGIONAL_ALLOWANCE,
                DRAWING & When("draws_regional_allowance")),
            ask.yes_no("identity_differs", "Họ tên, ngày sinh trên CMND/CCCD có khác với hồ sơ đang hưởng không?",
                law.vss_sheet()),
        ), intro="Hồ sơ gửi đến cơ quan BHXH nơi đi; nơi đó chuyển tiếp cho nơi đến."),
        d.Step("nhan_tien", "Nhận tiền ở nơi mới", questions.PAYMENT_QUESTIONS, when=DRAWING),
        questions.RESULT_STEP,
        questions.REPRESENTATIVE_STEP,
    ),
    rules=rules.COMMON,
    documents=(
        papers.request_form(MOVING),
        papers.copy("ho_khau", "Sổ hộ khẩu thường trú tại nơi cư trú mới", law.vss_sheet(),
            DRAWING & When("draws_regional_allowance") & When("new_place_has_allowance"),
            condition_note="khi đang hưởng phụ cấp khu vực và nơi mới cũng có phụ cấp khu vực"),
        papers.copy("giay_to_nhan_than",
            "Giấy tờ chứng minh sai lệch họ tên, ngày sinh giữa CMND/CCCD và hồ sơ hưởng",
            law.vss_sheet(), When("identity_differs")),
        papers.AUTHORIZATION,
    ),
    deadlines=(
        d.Deadline(5, d.Unit.WORKING_DAY, MOVING, note="từ ngày nhận được đơn"),
        d.Deadline(3, d.Unit.WORKING_DAY, law.decision_166("", law.UNSURE), is_service=True),
        d.Deadline(1, d.Unit.WORKING_DAY, law.vss_sheet("thủ tục 2532 (cổng dịch vụ công quốc gia) trong"),
            is_service=True, note="bản công bố sau này", is_later_rule=True),
    ),
    results=(d.Result("Hồ sơ chuyển và giấy giới thiệu, thông báo chuyển nơi hưởng", law.vss_sheet("", law.UNSURE)),),
    refusals=(
        d.Refusal("khong_dang_huong", "Ông/bà không có khoản hưởng hoặc hồ sơ chờ tại nơi đi.", MOVING),
        d.Refusal("cung_tinh", "Nơi đến thuộc cùng tỉnh với nơi đang chi trả, không phải chuyển tỉnh.", MOVING),
    ),
    changes_since=(
        (date(2025, 7, 1), "Gộp với đổi cách nhận tiền; 5 ngày làm việc; đề nghị gửi cơ quan đang chi trả.",
            law.law_41("Điều 82")),
        (date(2025, 7, 1), "Bản công bố thủ tục mới.", law.decision_863()),
        (date(2025, 7, 1), "Chuyển giữa hai tỉnh cũ nay đã nhập một thì không còn là chuyển tỉnh.",
            law.law_41("Điều 82", law.KNOWN)),
    ),
)
