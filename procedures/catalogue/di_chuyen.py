"""5. Di chuyển nơi hưởng lương hưu, trợ cấp BHXH hàng tháng sang tỉnh khác."""

from datetime import date

from procedures.domain import cautions
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
from procedures.domain.questions import (
    PAYMENT_QUESTIONS,
    PERSON_STEP,
    REPRESENTATIVE_STEP,
    RESULT_STEP,
    choice,
    yes_no,
)
from procedures.domain.sources import (
    KNOWN,
    UNSURE,
    decision_166,
    decision_863,
    decree_115,
    law_41,
    law_58,
    vss_sheet,
)

MOVING = law_58("Điều 115")
DRAWING = When("holder_status", "dang_huong")
WAITING = When("holder_status", "cho_huong")

BRANCHES = (
    Branch(
        "dang_huong",
        "Đang hưởng lương hưu, trợ cấp hàng tháng",
        "Chuyển đến nơi ở khác trong nước và muốn nhận tại nơi ở mới.",
        MOVING,
        DRAWING,
    ),
    Branch(
        "cho_huong",
        "Đang chờ đủ tuổi để hưởng lương hưu, trợ cấp hàng tháng",
        "Hồ sơ chờ đang do BHXH tỉnh quản lý.",
        vss_sheet(),
        WAITING,
    ),
)

PROCEDURE = Procedure(
    code="di_chuyen",
    edition="2019",
    valid_from=date(2019, 1, 1),
    valid_to=date(2025, 6, 30),
    order=5,
    name="Giải quyết di chuyển đối với người đang hưởng lương hưu, trợ cấp BHXH hàng tháng và người chờ hưởng lương "
    "hưu, trợ cấp hàng tháng từ tỉnh này đến tỉnh khác",
    plain_name="Chuyển nơi nhận lương hưu sang tỉnh khác",
    summary="Chuyển nhà sang tỉnh khác và muốn nhận lương hưu, trợ cấp ở nơi ở mới.",
    keywords="chuyển hộ khẩu, chuyển nhà, chuyển nơi lĩnh lương hưu, chuyển lương",
    form="14-HSB",
    legal_basis=(MOVING,),
    who_may_file="Người đang hưởng hàng tháng, hoặc người đang chờ đủ tuổi hưởng.",
    who_basis=vss_sheet(),
    branches=BRANCHES,
    steps=(
        PERSON_STEP,
        Step(
            name="noi_huong",
            title="Nơi đi và nơi đến",
            intro="Hồ sơ gửi đến cơ quan BHXH nơi đi; nơi đó chuyển tiếp cho nơi đến.",
            questions=(
                choice("holder_status", "Ông/bà thuộc trường hợp nào?", branch_choices(BRANCHES), MOVING),
                Question(
                    "paying_province",
                    "Nơi đang trả lương hưu, trợ cấp, hoặc đang giữ hồ sơ chờ",
                    Kind.PROVINCE,
                    basis=MOVING,
                ),
                Question("new_address", "Nơi ở mới", Kind.ADDRESS, basis=MOVING),
                Question(
                    "last_month_here",
                    "Nhận ở nơi cũ đến hết tháng nào?",
                    Kind.MONTH,
                    required=False,
                    when=DRAWING,
                    basis=vss_sheet("", UNSURE),
                ),
                yes_no(
                    "draws_regional_allowance",
                    "Ông/bà có đang hưởng phụ cấp khu vực không?",
                    decree_115("điểm b khoản 2 Điều 21"),
                    DRAWING,
                ),
                yes_no(
                    "new_place_has_allowance",
                    "Nơi ở mới có phụ cấp khu vực không?",
                    decree_115("điểm b khoản 2 Điều 21"),
                    DRAWING & When("draws_regional_allowance"),
                ),
                yes_no(
                    "identity_differs",
                    "Họ tên, ngày sinh trên CMND/CCCD có khác với hồ sơ đang hưởng không?",
                    vss_sheet(),
                ),
            ),
        ),
        Step(name="nhan_tien", title="Nhận tiền ở nơi mới", questions=PAYMENT_QUESTIONS, when=DRAWING),
        RESULT_STEP,
        REPRESENTATIVE_STEP,
    ),
    rules=(*cautions.PERSON_RULES, *cautions.PAYMENT_RULES),
    documents=(
        request_form(MOVING),
        Document(
            "ho_khau",
            "Sổ hộ khẩu thường trú tại nơi cư trú mới",
            Copy.COPY,
            vss_sheet(),
            when=DRAWING & When("draws_regional_allowance") & When("new_place_has_allowance"),
            condition_note="khi đang hưởng phụ cấp khu vực và nơi mới cũng có phụ cấp khu vực",
        ),
        Document(
            "giay_to_nhan_than",
            "Giấy tờ chứng minh sai lệch họ tên, ngày sinh giữa CMND/CCCD và hồ sơ hưởng",
            Copy.COPY,
            vss_sheet(),
            when=When("identity_differs"),
        ),
        AUTHORIZATION,
    ),
    deadlines=(
        Deadline(5, Unit.WORKING_DAY, MOVING, note="từ ngày nhận được đơn"),
        Deadline(3, Unit.WORKING_DAY, decision_166("", UNSURE), is_service=True),
        Deadline(
            1,
            Unit.WORKING_DAY,
            vss_sheet("thủ tục 2532 (cổng dịch vụ công quốc gia) trong"),
            is_service=True,
            note="bản công bố sau này",
            is_later_rule=True,
        ),
    ),
    agency="BHXH huyện hoặc BHXH tỉnh nơi đang chi trả (người chờ: BHXH tỉnh đang giữ hồ sơ); "
    "BHXH tỉnh nơi đến tiếp nhận và báo người hưởng đăng ký nhận",
    agency_basis=MOVING,
    routes=(Route("paying_province", "Nơi đang trả, hoặc đang giữ hồ sơ chờ của ông/bà", MOVING),),
    onward=Route("new_address", "Nơi ở mới, nơi sẽ trả tiếp cho ông/bà", vss_sheet()),
    results=(Result("Hồ sơ chuyển và giấy giới thiệu, thông báo chuyển nơi hưởng", vss_sheet("", UNSURE)),),
    refusals=(
        Refusal("khong_dang_huong", "Ông/bà không có khoản hưởng hoặc hồ sơ chờ tại nơi đi.", MOVING),
        Refusal("cung_tinh", "Nơi đến thuộc cùng tỉnh với nơi đang chi trả, không phải chuyển tỉnh.", MOVING),
    ),
    precheck=Precheck(
        questions=(
            Question("moves_province", "Ông/bà chuyển hẳn sang tỉnh, thành phố khác?", Kind.YES_NO),
            Question("draws_or_waits", "Ông/bà đang hưởng hoặc đang chờ hưởng hàng tháng?", Kind.YES_NO),
        ),
        criteria=(
            Criterion(
                When("draws_or_waits", False),
                Verdict.UNLIKELY,
                "Thủ tục này chỉ dành cho người đang hưởng hoặc đang chờ hưởng hàng tháng.",
                MOVING,
            ),
            Criterion(
                When("moves_province", False),
                Verdict.UNLIKELY,
                "Ở cùng tỉnh thì chỉ cần báo đổi nơi nhận, không phải chuyển tỉnh.",
                MOVING,
            ),
            Criterion(
                When("moves_province") & When("draws_or_waits"),
                Verdict.LIKELY,
                "Chuyển nơi ở trong nước thì được chuyển nơi hưởng theo đơn.",
                MOVING,
            ),
        ),
    ),
    formula="",
    changes_since=(
        (
            date(2025, 7, 1),
            "Gộp với đổi cách nhận tiền; 5 ngày làm việc; đề nghị gửi cơ quan đang chi trả.",
            law_41("Điều 82"),
        ),
        (date(2025, 7, 1), "Bản công bố thủ tục mới.", decision_863()),
        (
            date(2025, 7, 1),
            "Chuyển giữa hai tỉnh cũ nay đã nhập một thì không còn là chuyển tỉnh.",
            law_41("Điều 82", KNOWN),
        ),
    ),
)
