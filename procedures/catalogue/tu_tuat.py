"""3. Giải quyết hưởng chế độ tử tuất."""

from datetime import date

from procedures.domain import ask, papers, questions, relatives, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.ages import Aged
from procedures.domain.benefits import survivors
from procedures.domain.conditions import AnyRow, When
from procedures.domain.precheck import cannot_tell, likely, unlikely

RESERVED, ACTIVE, DRAWING = (When("deceased_status", s) for s in ("bao_luu_tu_nguyen", "dang_dong", "dang_huong"))
CONTRIBUTOR = When("deceased_status", "dang_dong", "bao_luu_tu_nguyen")
MONTHLY, ONCE = When("claim", "hang_thang"), When("claim", "mot_lan")
AT_PAYING_PLACE = DRAWING & When("office_choice", "noi_chi_tra")
BORN = ~When("relation", "con_chua_sinh")
GROWN_UP = BORN & Aged("relative_birth_date", 18, "death_date")
FORM, SIGNED, SHEET = law.law_58("Điều 111"), law.vss_sheet("mẫu 09-HSB trong", law.KNOWN), law.vss_sheet()
ALL_BENEFITS, RELATIVES_RULE = law.law_58("Điều 66, Điều 67, Điều 69"), law.law_58("khoản 2, khoản 3 Điều 67")
AT_MOST_FOUR, NO_CHOICE = law.law_58("khoản 2 Điều 68"), law.law_58("khoản 3 Điều 69")
WHO_RECEIVES, ONE_FOR_ALL = law.law_58("khoản 1, khoản 2 Điều 112"), law.decree_115("khoản 2 Điều 14")

BRANCHES = (
    d.Branch("bao_luu_tu_nguyen", "Người mất đang bảo lưu thời gian đóng hoặc đóng BHXH tự nguyện",
        "Thân nhân nộp thẳng cho cơ quan BHXH.", WHO_RECEIVES, RESERVED),
    d.Branch("dang_dong", "Người mất đang đóng BHXH bắt buộc",
        "Thường nộp qua đơn vị nơi người mất làm việc; nộp thẳng được nếu đơn vị đã chốt sổ, trừ tai nạn lao động.",
        WHO_RECEIVES, ACTIVE),
    d.Branch("dang_huong", "Người mất đang hưởng hoặc đang tạm dừng lương hưu, trợ cấp hàng tháng",
        "Không cần sổ BHXH; cơ quan BHXH giữ hồ sơ hưởng.", WHO_RECEIVES, DRAWING))

RELATIVE = (
    ask.person("relative_name", "Họ và tên", FORM),
    ask.choice("relation", "Là gì của người mất", ask.options(
        con="Con", con_chua_sinh="Con chưa sinh khi người cha mất (mẹ đang mang thai)", vo="Vợ", chong="Chồng",
        cha_me="Cha đẻ, mẹ đẻ", cha_me_ben_vo_chong="Cha, mẹ của vợ hoặc chồng",
        khac="Người khác mà người mất có nghĩa vụ nuôi dưỡng"), RELATIVES_RULE),
    ask.past_day("relative_birth_date", "Ngày sinh", FORM, BORN),
    ask.choice("relative_sex", "Giới tính", questions.SEXES, FORM, BORN),
    ask.yes_no("has_income", "Có thu nhập từ mức lương cơ sở trở lên?", RELATIVES_RULE,
        MONTHLY & ~When("relation", "con", "con_chua_sinh")),
    ask.yes_no("loss_81", "Suy giảm từ 81% hoặc khuyết tật đặc biệt nặng?", RELATIVES_RULE, BORN),
    ask.yes_no("without_carer", "Không còn ai trực tiếp nuôi dưỡng người này?", law.law_58("khoản 1 Điều 68"), MONTHLY),
    ask.choice("choice", "Chọn hưởng", ask.options(
        hang_thang="Hưởng hàng tháng", mot_lan="Hưởng một lần", khong="Không hưởng"), FORM),
    ask.yes_no("signs_here", "Cùng ký trên cổng?", SIGNED, GROWN_UP,
        help="“Có”: cần mã số BHXH và tài khoản. “Không”: ký trên biên bản họp, bản giấy."),
    ask.bhxh_number("relative_bhxh_number", "Mã số BHXH", SIGNED, GROWN_UP & When("signs_here")))

STATUS = ask.choice("deceased_status", "Khi mất, người đó thuộc trường hợp nào?", d.branch_choices(BRANCHES), FORM)
CLOSED = ask.yes_no("employer_closed_book", "Đơn vị đã chốt và trả sổ BHXH chưa?", WHO_RECEIVES, ACTIVE)
LIMIT = d.FilingLimit("Trong 90 ngày từ ngày mất; muộn hơn thì kèm văn bản giải trình. Giám định 81%: trong 4 tháng.",
    law.law_58("khoản 4 Điều 67, khoản 1 Điều 112, khoản 1 Điều 116"),
    days=90, since="death_date", late_document="giai_trinh_nop_cham")

PROCEDURE = d.Procedure(
    code="tu_tuat", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=3,
    name="Giải quyết hưởng chế độ tử tuất", plain_name="Trợ cấp khi người thân mất", form="09-HSB",
    summary="Tiền mai táng và trợ cấp tuất cho gia đình của người đóng hoặc đang hưởng BHXH đã mất.",
    keywords="mai táng phí, tiền tuất, người chết, qua đời, thân nhân, thờ cúng",
    legal_basis=(law.law_58("Điều 66 đến Điều 71, Điều 80, Điều 81, Điều 111, Điều 112"),
                 law.decree_115("Điều 12, Điều 13, Điều 14"), law.circular_59("Điều 24 đến Điều 27")),
    who_may_file="Thân nhân hoặc người lo mai táng; không có thân nhân thì người thừa kế.",
    who_basis=law.law_58("Điều 66, Điều 69, Điều 112"),
    branches=BRANCHES, precheck=d.Precheck(
        questions=(ask.or_else(STATUS, khac="Chưa từng đóng, hoặc đã nhận BHXH một lần"), CLOSED),
        criteria=(
            unlikely(When("deceased_status", "khac"), "Không có thời gian đóng thì không có chế độ này.", ALL_BENEFITS),
            cannot_tell(ACTIVE & When("employer_closed_book", False),
                "Người đang đóng BHXH mất thì gia đình nộp qua đơn vị, trừ khi đơn vị đã chốt sổ.", WHO_RECEIVES),
            likely(DRAWING, "Người lo mai táng được 10 lần lương cơ sở; thân nhân được trợ cấp tuất.", ALL_BENEFITS),
            likely(CONTRIBUTOR, "Thân nhân được trợ cấp tuất; tiền mai táng cần đủ 12 tháng đóng bắt buộc, hoặc đủ "
                "60 tháng tất cả.", law.decree_115("Điều 12")))),
    agency="BHXH nơi thân nhân cư trú; người mất đang hưởng thì nơi thân nhân cư trú hoặc nơi đang chi trả",
    agency_basis=SHEET,
    routes=(d.Route("paying_province", "Nơi đang trả trợ cấp cho người đã mất", SHEET, AT_PAYING_PLACE),
            d.Route("address", "Nơi thân nhân nộp hồ sơ cư trú", SHEET)),
    steps=(
        questions.PERSON_STEP,
        d.Step("nguoi_mat", "Người đã mất", (
            ask.person("deceased_name", "Họ và tên", FORM),
            ask.past_day("deceased_birth_date", "Ngày sinh", FORM),
            ask.bhxh_number("deceased_bhxh_number", "Mã số BHXH", FORM, required=False),
            ask.past_day("death_date", "Ngày mất", law.law_58("khoản 2 Điều 66"),
                help="Nếu Tòa án tuyên bố đã chết, ghi ngày trong quyết định."),
            STATUS,
            ask.yes_no("is_work_accident", "Mất do tai nạn lao động, bệnh nghề nghiệp?", FORM),
            CLOSED,
            ask.choice("drawn_benefit", "Khoản người mất đang hưởng", ask.options(
                luong_huu="Lương hưu", luong_huu_tu_nguyen="Lương hưu BHXH tự nguyện",
                tnld_bnn="Trợ cấp tai nạn lao động, bệnh nghề nghiệp", mat_suc_lao_dong="Trợ cấp mất sức lao động",
                can_bo_xa="Trợ cấp cán bộ xã (Nghị định 09/1998/NĐ-CP)",
                tro_cap_khac="Công nhân cao su, QĐ 91, QĐ 613"), law.circular_59("Điều 24, Điều 27"), DRAWING),
            ask.yes_no("loss_61", "Suy giảm khả năng lao động từ 61% trở lên?", law.law_58("điểm d khoản 1 Điều 67"),
                DRAWING & When("drawn_benefit", "tnld_bnn")),
            ask.money("monthly_amount", "Mức hưởng mỗi tháng (đồng)", FORM, DRAWING),
            ask.count("months_received", "Đã hưởng lương hưu được bao nhiêu tháng?", law.law_58("khoản 2 Điều 70"),
                DRAWING & When("drawn_benefit", *survivors.PENSIONS), most=900),
            ask.choice("office_choice", "Gia đình muốn nộp ở đâu?", ask.options(
                noi_cu_tru="Nơi ông/bà cư trú", noi_chi_tra="Nơi đang trả lương hưu, trợ cấp cho người mất"),
                SHEET, DRAWING),
            ask.province("paying_province", "Nơi đang trả lương hưu, trợ cấp", SHEET, AT_PAYING_PLACE),
        ), intro="Xin chia buồn cùng gia đình. Các câu hỏi sau để cơ quan BHXH tìm đúng hồ sơ của người đã mất."),
        d.Step("che_do", "Chế độ đề nghị hưởng", (
            ask.text("filer_relation", "Ông/bà là gì của người đã mất?", FORM),
            ask.yes_no("arranged_funeral", "Ông/bà là người lo mai táng?", law.law_58("khoản 1 Điều 66")),
            ask.choice("claim", "Gia đình đề nghị hưởng", ask.options(
                mai_tang="Chỉ trợ cấp mai táng", hang_thang="Trợ cấp tuất hàng tháng (và mai táng)",
                mot_lan="Trợ cấp tuất một lần (và mai táng)"), ALL_BENEFITS),
            ask.yes_no("gave_up_monthly", "Có người đủ điều kiện hàng tháng mà chọn một lần?", NO_CHOICE, ONCE),
            ask.yes_no("several_recipients", "Có nhiều thân nhân cùng hưởng một lần?", ONE_FOR_ALL, ONCE),
            ask.yes_no("two_deceased", "Còn người thứ hai đóng BHXH cũng đã mất (mất cả cha và mẹ)?", AT_MOST_FOUR,
                MONTHLY),
            ask.table("relatives", "Thân nhân", "người", RELATIVE, FORM, when=MONTHLY | ONCE, max_rows=20,
                help="Hàng tháng: nhiều nhất 4 người được hưởng."),
        ), shows_estimate=True),
        d.Step("qua_trinh", "Quá trình đóng BHXH của người đã mất",
            (ask.optional(questions.HISTORY_QUESTION),), when=CONTRIBUTOR, shows_estimate=True,
            intro="Để ước tính. Không có sổ trong tay thì bỏ qua; cơ quan BHXH sẽ tính theo sổ."),
        questions.PAYMENT_STEP, questions.REPRESENTATIVE_STEP),
    rules=(
        *rules.COMMON, *rules.of_death(FORM, "deceased_birth_date"), *rules.of_history("deceased_birth_date"),
        *relatives.CONTRADICTIONS, rules.filed_late(LIMIT),
        rules.warning("through_the_employer", "employer_closed_book", rules.is_no("employer_closed_book"), WHO_RECEIVES,
            "Người đang đóng BHXH mất thì gia đình nộp hồ sơ cho đơn vị; chỉ nộp ở đây khi đơn vị đã chốt sổ."),
        rules.warning("accident_through_the_employer", "is_work_accident", rules.is_yes("is_work_accident"),
            WHO_RECEIVES, "Tai nạn lao động, bệnh nghề nghiệp khi đang làm việc: hồ sơ phải qua đơn vị nơi người mất "
            "làm việc.", when=ACTIVE),
        rules.wall("five_monthly", "relatives", relatives.too_many_monthly, AT_MOST_FOUR,
            "Nhiều nhất 4 người được hưởng hàng tháng. Ông/bà chọn lại, còn 4 người.", when=~When("two_deceased")),
        rules.row_wall("small_child_once", ("relatives", "choice"), relatives.small_child_takes_once, NO_CHOICE,
            "Con dưới 6 tuổi thì không được đổi hàng tháng lấy một lần."),
        rules.row_wall("disabled_once", ("relatives", "choice"), relatives.disabled_takes_once, NO_CHOICE,
            "Con, vợ hoặc chồng suy giảm từ 81% thì không được đổi hàng tháng lấy một lần."),
        rules.warning("no_eligible_relative", "relatives", relatives.nobody_is_eligible, RELATIVES_RULE,
            "Theo tuổi và thu nhập đã khai, chưa ai đủ điều kiện hưởng hàng tháng. Gia đình xem lại.", when=MONTHLY)),
    co_signers=d.CoSigners("relatives", "relative_name", "relative_bhxh_number", When("signs_here"), SIGNED),
    documents=(
        papers.filled_form("to_khai_09hsb", "Tờ khai của thân nhân", "09-HSB", law.decision_166("Điều 6")),
        papers.copy("chung_tu",
            "Giấy chứng tử, giấy báo tử, trích lục khai tử hoặc quyết định của Tòa án tuyên bố đã chết",
            law.law_58("điểm b khoản 1, điểm a khoản 2 Điều 111")),
        papers.insurance_book(law.law_58("điểm a khoản 1 Điều 111"), CONTRIBUTOR),
        papers.original("bien_ban_hop", "Biên bản họp của các thân nhân",
            law.law_58("điểm c khoản 1 Điều 111", law.UNSURE),
            ONCE & (When("gave_up_monthly") | When("several_recipients")), form="16-HSB",
            condition_note="khi đủ điều kiện hàng tháng mà chọn một lần, hoặc nhiều người cùng hưởng một lần",
            note="Luật yêu cầu có biên bản; số mẫu 16-HSB chưa kiểm chứng."),
        papers.original("giam_dinh_81",
            "Biên bản giám định suy giảm khả năng lao động từ 81%, hoặc giấy xác nhận khuyết tật đặc biệt nặng",
            law.decision_166("Điều 6"), MONTHLY & AnyRow("relatives", "loss_81"),
            note="Bản sao nếu đã có biên bản để hưởng chính sách khác, hoặc bản sao giấy xác nhận khuyết tật."),
        papers.copy("bb_tnld",
            "Biên bản điều tra tai nạn lao động (thêm biên bản tai nạn giao thông) hoặc bệnh án bệnh nghề nghiệp",
            law.law_58("điểm d khoản 1 Điều 111"), When("is_work_accident")),
        papers.original("giai_trinh_nop_cham", "Văn bản giải trình nộp hồ sơ chậm", law.law_58("khoản 1 Điều 116"),
            condition_note="khi nộp sau 90 ngày từ ngày mất"),
        papers.AUTHORIZATION),
    filing_limit=LIMIT,
    deadlines=(d.Deadline(15, d.Unit.DAY, law.law_58("khoản 3 Điều 112")),
               d.Deadline(8, d.Unit.WORKING_DAY, law.decision_166("Điều 5", law.UNSURE), is_service=True)),
    results=(d.Result("Quyết định về việc hưởng trợ cấp mai táng", SHEET),
             d.Result("Quyết định về việc hưởng trợ cấp tuất hàng tháng hoặc một lần", law.vss_sheet("", law.KNOWN))),
    refusals=(d.Refusal("chua_du_mai_tang", "Người mất chưa đủ thời gian đóng.", law.decree_115("khoản 2 Điều 12")),
              d.Refusal("chua_du_15_nam", "Người mất chưa đủ 15 năm đóng.", law.law_58("khoản 1 Điều 67")),
              d.Refusal("than_nhan", "Thân nhân chưa đủ điều kiện về tuổi, sức khỏe hoặc thu nhập.", RELATIVES_RULE),
              d.Refusal("khong_duoc_doi", "Thân nhân không được đổi lấy một lần.", NO_CHOICE),
              d.Refusal("nop_qua_don_vi", "Hồ sơ này phải nộp qua đơn vị nơi người mất làm việc.", WHO_RECEIVES)),
    estimate=survivors.estimate,
    formula="Mai táng: 10 × lương cơ sở tháng mất. Hàng tháng: 50% lương cơ sở mỗi người, 70% nếu không có người nuôi "
        "dưỡng; nhiều nhất 4 người; hai người mất thì gấp đôi. Một lần: người đang đóng (1,5 × năm trước 2014 + 2 × "
        "năm từ 2014) × bình quân lương, ít nhất 3 tháng; người hưởng lương hưu 48 tháng, từ tháng thứ ba mỗi tháng "
        "đã hưởng trừ 0,5 tháng, ít nhất 3 tháng.",
    changes_since=((date(2024, 6, 10), "Liên thông khai tử, mai táng phí, tử tuất.", law.decree_63_2024()),
        (date(2025, 7, 1), "Lương cơ sở thành mức tham chiếu; tuổi theo Bộ luật Lao động; thời hạn 10 ngày làm việc.",
            law.law_41("Điều 84 đến Điều 91"))),
)
