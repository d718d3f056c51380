"""1. Giải quyết hưởng BHXH một lần."""

from datetime import date

from procedures.domain import ask, papers, questions, rules
from procedures.domain import definition as d
from procedures.domain import sources as law
from procedures.domain.benefits import lump_sum
from procedures.domain.conditions import Compare, When
from procedures.domain.precheck import cannot_tell, likely, unlikely

OLD_ENOUGH = When("reason", "du_tuoi")
AFTER_A_YEAR = When("reason", "sau_mot_nam")
ABROAD = When("reason", "dinh_cu")
ILL = When("reason", "benh_hiem_ngheo")
DEMOBILISED = When("reason", "phuc_vien")
OTHER_DISEASE = When("disease", "benh_khac")

ART_54, ART_60A = law.law_58("Điều 54"), law.law_58("điểm a khoản 1 Điều 60")
ART_60B, ART_60C = law.law_58("điểm b khoản 1 Điều 60"), law.law_58("điểm c khoản 1 Điều 60")
ART_60D, ART_109_3 = law.law_58("điểm d khoản 1 Điều 60"), law.law_58("khoản 3 Điều 109")
ONE_YEAR, NOT_CONTRIBUTING = law.decree_115("điểm b khoản 1 Điều 8"), law.decree_115("khoản 1 Điều 8")
WOMEN_OF_COMMUNES, UNVERIFIED = law.law_58("khoản 3 Điều 54"), law.vss_sheet("", law.UNSURE)

BRANCHES = (
    d.Branch("du_tuoi", "Đủ tuổi hưởng lương hưu nhưng chưa đủ 20 năm đóng (nữ cán bộ xã: chưa đủ 15 năm)",
        "Nam đủ 60, nữ đủ 55 tuổi (nghề nặng nhọc, hầm lò, lực lượng vũ trang: tuổi thấp hơn theo Điều 54), "
        "chưa đủ 20 năm đóng và không đóng tiếp BHXH tự nguyện.", ART_60A, OLD_ENOUGH),
    d.Branch("sau_mot_nam", "Đã nghỉ việc một năm, chưa đủ 20 năm đóng và không đóng tiếp",
        "Đủ 12 tháng từ khi nghỉ việc hoặc từ lần đóng tự nguyện cuối, chưa đủ 20 năm và không đóng lại.",
        ONE_YEAR, AFTER_A_YEAR),
    d.Branch("dinh_cu", "Ra nước ngoài để định cư", "Không cần số năm tối thiểu.", ART_60B, ABROAD),
    d.Branch("benh_hiem_ngheo", "Đang mắc bệnh nguy hiểm đến tính mạng",
        "Ung thư, bại liệt, xơ gan cổ chướng, phong, lao nặng, HIV đã chuyển sang AIDS, và bệnh khác theo "
        "quy định của Bộ Y tế.", ART_60C, ILL, "Tiền Nhà nước hỗ trợ đóng tự nguyện không bị trừ."),
    d.Branch("phuc_vien",
        "Bộ đội, công an, cơ yếu phục viên, xuất ngũ, thôi việc mà không đủ điều kiện hưởng lương hưu",
        "Thuộc điểm đ, điểm e khoản 1 Điều 2; không phải chờ một năm.", ART_60D, DEMOBILISED,
        "Người còn thuộc BHXH Bộ Quốc phòng, Bộ Công an thì nộp tại đó."),
)

REASON = ask.choice("reason", "Ông/bà thuộc trường hợp nào?", d.branch_choices(BRANCHES), law.law_58("Điều 60"))
DISEASE = ask.choice("disease", "Bệnh đang mắc", ask.options(
    ung_thu="Ung thư", bai_liet="Bại liệt", xo_gan="Xơ gan cổ chướng", phong="Phong", lao_nang="Lao nặng",
    aids="Nhiễm HIV đã chuyển sang giai đoạn AIDS", benh_khac="Bệnh khác"), ART_60C, ILL)
AGAIN = ask.yes_no("contributes_again", "Hiện ông/bà có đang đóng lại BHXH (bắt buộc hoặc tự nguyện) không?",
    NOT_CONTRIBUTING, OLD_ENOUGH | AFTER_A_YEAR)

PROCEDURE = d.Procedure(
    code="bhxh_mot_lan", edition="2019", valid_from=date(2019, 1, 1), valid_to=date(2025, 6, 30), order=1,
    name="Giải quyết hưởng BHXH một lần",
    plain_name="Rút BHXH một lần", form="14-HSB",
    summary="Nhận một lần số tiền BHXH đã đóng, khi không hưởng lương hưu.",
    keywords="rút bảo hiểm, lĩnh bảo hiểm, lãnh bảo hiểm, thôi việc, nghỉ việc, lấy tiền sổ bảo hiểm",
    legal_basis=(
        law.law_58("Điều 60, Điều 77, Điều 109, Điều 110"), law.resolution_93(), law.decree_115("Điều 8"),
        law.circular_59("Điều 19, Điều 20"), law.circular_56("Điều 4")),
    who_may_file="Người đã đóng BHXH bắt buộc (nay đã nghỉ việc) hoặc tự nguyện; có thể ủy quyền người khác.",
    who_basis=law.law_58("khoản 1 Điều 60, khoản 1 Điều 77"),
    branches=BRANCHES,
    precheck=d.Precheck(
        questions=(
            ask.or_else(REASON, khac="Không thuộc trường hợp nào ở trên"),
            ask.optional(DISEASE),
            ask.count("years_contributed", "Đã đóng BHXH khoảng mấy năm?", ART_60A, most=60),
            ask.count("months_since_leaving", "Đã nghỉ việc được mấy tháng?", ONE_YEAR, AFTER_A_YEAR, most=720),
            AGAIN),
        criteria=(
            unlikely(When("reason", "khac"),
                "Chưa thuộc trường hợp nào luật cho nhận một lần; thời gian đã đóng được bảo lưu.",
                law.law_58("Điều 60, Điều 61")),
            likely(ABROAD, "Định cư ở nước ngoài thì được nhận, không kể số năm.", ART_60B),
            cannot_tell(ILL & OTHER_DISEASE, "Bệnh khác cần Hội đồng giám định y khoa kết luận từ 81%.",
                law.circular_56("Điều 4", law.KNOWN)),
            likely(ILL, "Mắc bệnh luật nêu tên thì được nhận một lần.", ART_60C),
            likely(DEMOBILISED & Compare("years_contributed", "<", 20),
                "Phục viên, xuất ngũ chưa đủ điều kiện lương hưu thì được nhận.", ART_60D),
            unlikely(When("contributes_again"), "Đang đóng lại thì chưa được nhận; thời gian cũ được cộng nối.",
                NOT_CONTRIBUTING),
            unlikely((OLD_ENOUGH | AFTER_A_YEAR) & Compare("years_contributed", ">=", 20),
                "Đóng đủ 20 năm thì hưởng lương hưu, không nhận một lần.", ART_60A),
            unlikely(AFTER_A_YEAR & Compare("months_since_leaving", "<", 12),
                "Phải nghỉ việc đủ 12 tháng rồi mới nộp được.", ONE_YEAR),
            likely(AFTER_A_YEAR & Compare("months_since_leaving", ">=", 12) & Compare("years_contributed", "<", 20),
                "Nghỉ việc đủ một năm, chưa đủ 20 năm đóng thì được nhận.", ONE_YEAR),
            likely(OLD_ENOUGH & Compare("years_contributed", "<", 15),
                "Đủ tuổi mà chưa đủ năm đóng thì được nhận một lần.", ART_60A))),
    agency="BHXH huyện hoặc BHXH tỉnh nơi cư trú", agency_basis=law.vss_sheet(),
    routes=(d.Route("address", "Nơi ông/bà cư trú", law.vss_sheet()),),
    steps=(
        questions.PERSON_STEP,
        d.Step("ly_do", "Lý do đề nghị", (
            REASON,
            ask.past_day("left_on", "Ngày nghỉ việc, hoặc ngày đóng tự nguyện lần cuối", ONE_YEAR,
                AFTER_A_YEAR | DEMOBILISED),
            AGAIN,
            ask.yes_no("lower_age", "Ông/bà từng làm việc nặng nhọc, độc hại, hầm lò, hoặc trong lực lượng vũ trang?",
                ART_54, OLD_ENOUGH),
            ask.yes_no("commune_woman",
                "Trước khi nghỉ, bà có là cán bộ, người hoạt động ở xã, phường, thị trấn không?",
                WOMEN_OF_COMMUNES, OLD_ENOUGH & When("sex", "nu")),
            questions.settlement_paper(ART_109_3, ABROAD),
            DISEASE,
            ask.yes_no("army_regional_allowance", "Trước 01/01/2007 ông/bà có đi bộ đội ở nơi có phụ cấp khu vực mà sổ "
                "BHXH chưa ghi đủ không?", law.circular_59("Điều 31")),
        ), intro="Nhận một lần rồi thì thời gian đã đóng không còn được tính để hưởng lương hưu. "
            "Chưa thật cần, ông/bà có thể để dành (bảo lưu) thời gian đóng."),
        questions.HISTORY_STEP, questions.PAYMENT_STEP, questions.REPRESENTATIVE_STEP),
    rules=(
        *rules.COMMON, *rules.of_history(),
        rules.warning("left_recently", "left_on", rules.left_within_a_year, ONE_YEAR,
            "Ông/bà nghỉ việc chưa đủ 12 tháng. Hồ sơ nhiều khả năng bị từ chối; nên chờ đủ một năm rồi nộp.",
            when=AFTER_A_YEAR),
        rules.warning("contributed_after_leaving", "history", rules.contributed_after_leaving, ONE_YEAR,
            "Có tháng đóng sau ngày nghỉ việc đã khai. Ông/bà xem lại ngày nghỉ việc.", when=AFTER_A_YEAR),
        rules.warning("contributes_again", "contributes_again", rules.is_yes("contributes_again"), NOT_CONTRIBUTING,
            "Người đang đóng lại BHXH thì chưa được nhận một lần trong trường hợp này."),
        rules.warning("has_twenty_years", "history", rules.has_twenty_years, ART_60A,
            "Ông/bà đã đóng đủ 20 năm: có thể hưởng lương hưu, và trường hợp này thường không được nhận một lần.",
            when=OLD_ENOUGH | AFTER_A_YEAR),
        rules.warning("has_fifteen_years", "history", rules.has_fifteen_years, WOMEN_OF_COMMUNES,
            "Nữ cán bộ xã đóng đủ 15 năm đã có thể hưởng lương hưu. Bà nên hỏi cơ quan BHXH trước.",
            when=OLD_ENOUGH & When("commune_woman")),
        rules.warning("below_pension_age", "reason", rules.is_below_pension_age, ART_54,
            "Theo ngày sinh đã khai, ông/bà chưa đủ tuổi hưởng lương hưu (nam 60, nữ 55).",
            when=OLD_ENOUGH & ~When("lower_age"))),
    documents=(
        papers.insurance_book(law.law_58("khoản 1 Điều 109")),
        papers.request_form(law.law_58("khoản 2 Điều 109")),
        *papers.settlement_papers(ABROAD),
        papers.copy("ho_so_benh_an", "Trích sao hoặc tóm tắt hồ sơ bệnh án thể hiện tình trạng không tự phục vụ được",
            law.law_58("khoản 4 Điều 109"), ILL & ~OTHER_DISEASE, one_of="benh",
            note="Luật chỉ ghi “trích sao hồ sơ bệnh án”; phần sau là yêu cầu của BHXH Việt Nam."),
        papers.original("bien_ban_gdyk",
            "Biên bản giám định mức suy giảm khả năng lao động từ 81% trở lên của Hội đồng giám định y khoa",
            law.circular_56("Điều 4", law.KNOWN), ILL & OTHER_DISEASE, one_of="benh",
            note="Thay cho hồ sơ bệnh án khi bệnh không nằm trong sáu bệnh luật nêu tên."),
        papers.copy("qd_phuc_vien", "Quyết định phục viên, xuất ngũ, thôi việc", UNVERIFIED, DEMOBILISED),
        papers.original("khai_phu_cap_khu_vuc",
            "Bản khai về thời gian, địa bàn phục vụ trong Quân đội có hưởng phụ cấp khu vực",
            law.vss_sheet("mẫu 04B-HBQP trong"), When("army_regional_allowance"), form="04B-HBQP",
            condition_note="khi đi bộ đội trước 01/01/2007 ở nơi có phụ cấp khu vực mà sổ chưa ghi đủ",
            note="Bản công bố năm 2021 dẫn Thông tư 136/2020/TT-BQP; căn cứ của năm 2019 chưa kiểm chứng."),
        papers.AUTHORIZATION),
    groups=(papers.SETTLEMENT_GROUP, d.DocumentGroup("benh", "Giấy tờ về bệnh")),
    filing_limit=d.FilingLimit(
        "Trong 30 ngày từ khi đủ điều kiện và có yêu cầu; nộp muộn hơn vẫn được nhận, không phải giải trình.",
        law.law_58("khoản 3 Điều 110, khoản 1 Điều 116")),
    deadlines=(
        d.Deadline(5, d.Unit.WORKING_DAY, law.decision_166(), is_service=True),
        d.Deadline(10, d.Unit.DAY, law.law_58("khoản 4 Điều 110"), note="gồm cả chi trả")),
    results=(
        d.Result("Quyết định về việc hưởng BHXH một lần", law.vss_sheet("", law.KNOWN)),
        d.Result("Bản quá trình đóng BHXH", UNVERIFIED),
        d.Result("Tiền trợ cấp (tài khoản, tiền mặt hoặc bưu điện)", law.vss_sheet())),
    refusals=(
        d.Refusal("chua_du_mot_nam", "Tính đến ngày nộp, ông/bà nghỉ việc chưa đủ 12 tháng.", ONE_YEAR),
        d.Refusal("dang_dong", "Ông/bà hiện đang tiếp tục đóng BHXH.", NOT_CONTRIBUTING),
        d.Refusal("du_20_nam", "Ông/bà đã đóng đủ 20 năm, thuộc diện hưởng lương hưu.", ART_60A),
        d.Refusal("chua_du_tuoi", "Ông/bà chưa đủ tuổi hưởng lương hưu.", ART_54),
        d.Refusal("giay_to_dinh_cu", "Giấy tờ định cư không thuộc các loại luật quy định.", ART_109_3),
        d.Refusal("benh_khong_thuoc_danh_muc", "Bệnh không thuộc các bệnh theo quy định.", ART_60C)),
    estimate=lump_sum.estimate,
    formula="(1,5 × số năm trước 2014 + 2 × số năm từ 2014) × mức bình quân tiền lương tháng đóng BHXH. "
        "Tháng lẻ trước 2014 chuyển sang giai đoạn sau; lẻ 1–6 tháng tính nửa năm, 7–11 tháng tính một năm. "
        "Đóng chưa đủ một năm: 22% số lương đã đóng, nhiều nhất 2 tháng bình quân. "
        "Tiền Nhà nước hỗ trợ đóng tự nguyện bị trừ, trừ trường hợp bệnh nguy hiểm đến tính mạng.",
    changes_since=(
        (date(2021, 2, 25), "BHXH Việt Nam công bố lại thành phần hồ sơ.", law.decision_222()),
        (date(2022, 12, 9), "Thí điểm mẫu 14A-HSB ký số từ xa trên điện thoại.", law.decision_3612()),
        (date(2025, 7, 1),
            "Trường hợp “sau một năm” chỉ còn cho người đã đóng trước 01/07/2025; đủ tuổi thì mốc là 15 năm; "
            "thêm trường hợp suy giảm từ 81% hoặc khuyết tật đặc biệt nặng; thời hạn 7 ngày làm việc.",
            law.law_41("Điều 78, Điều 79"))),
)
