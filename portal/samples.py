"""Made-up people, forms and dossiers for the style page (/giao-dien): every component in every state."""

from datetime import date, datetime, timedelta
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils import timezone

from portal.guides import pictures
from portal.words import WORDS
from procedures.catalogue import procedures_on
from procedures.domain.definition import Basis, Certainty, Copy, Document
from procedures.domain.estimate import Estimate, Line
from procedures.domain.lifecycle import Status

STYLE_DAY = date(2019, 8, 20)
# The tokens of portal.css that people see as colours.
COLOURS = (
    *("page", "surface", "tint", "line", "line-strong", "ink", "ink-soft", "accent", "accent-dark"),
    *(
        "accent-tint",
        "link",
        "gold",
        "good",
        "good-tint",
        "warn",
        "warn-tint",
        "bad",
        "bad-tint",
        "focus",
        "head",
    ),
)
LONG = (
    "Giải quyết trợ cấp một lần đối với người đang hưởng lương hưu, trợ cấp bảo hiểm xã hội hằng tháng "
    "ra nước ngoài để định cư"
)


class SampleForm(forms.Form):
    """One field of each kind, as procedures/forms makes them from questions."""

    full_name = forms.CharField(
        label="Họ và tên",
        help_text="Ghi như trong sổ BHXH.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    birth_date = forms.CharField(
        label="Ngày sinh",
        help_text="Ví dụ: 1/2/1960",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-10", "autocomplete": "bday"}),
    )
    salary = forms.CharField(
        label="Mức lương tháng làm căn cứ đóng BHXH, kể cả phụ cấp chức vụ và phụ cấp thâm niên nếu có",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-money", "data-money": True}),
    )
    months = forms.IntegerField(
        label="Số tháng đã đóng",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "in-4"}),
    )
    reason = forms.ChoiceField(
        label="Vì sao ông/bà đề nghị hưởng một lần?",
        help_text="Chọn một trường hợp.",
        widget=forms.RadioSelect,
        choices=[
            ("du_tuoi", "Đủ tuổi hưởng lương hưu nhưng chưa đủ 20 năm đóng"),
            ("sau_mot_nam", "Đã nghỉ việc từ một năm và không đóng tiếp"),
            ("dinh_cu", "Ra nước ngoài để định cư"),
        ],
    )
    payment = forms.ChoiceField(
        label="Nhận tiền bằng cách nào?",
        required=False,
        choices=[("", "Hãy chọn"), ("account", "Tài khoản ngân hàng"), ("cash", "Tiền mặt")],
    )
    note = forms.CharField(
        label="Điều muốn nói thêm", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    bhxh_number = forms.CharField(label="Mã số BHXH", initial="0123456789", disabled=True)
    confirmed = forms.BooleanField(label="Tôi cam đoan những điều khai trên là đúng sự thật")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["salary"].unit = "đ"  # type: ignore[attr-defined]
        self.fields["reason"].choice_help = {  # type: ignore[attr-defined]
            "du_tuoi": "Nam 60 tuổi, nữ 55 tuổi (Điều 60 Luật BHXH 2014).",
            "dinh_cu": "Không cần chờ một năm.",
        }
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CodeForm(forms.Form):
    code = forms.CharField(label="Mã giao dịch", help_text="Gồm 8 chữ số.", max_length=20)


WRONG = {
    "full_name": "",
    "birth_date": "31/2/1960",
    "salary": "1,5",
    "months": "abc",
    "reason": "",
    "confirmed": "",
}


def style_samples() -> dict[str, Any]:
    now = timezone.localtime()
    wrong = SampleForm(WRONG)
    wrong.is_valid()
    wrong_code = CodeForm({"code": ""}, prefix="wrong")
    wrong_code.is_valid()
    return {
        "sample_form": SampleForm(prefix="new"),
        "wrong_form": wrong,
        "code_field": CodeForm()["code"],
        "wrong_code_field": wrong_code["code"],
        "expires_at": now + timedelta(minutes=4, seconds=32),
        "steps": STEPS,
        "last_steps": [{**step, "state": "done"} for step in STEPS[:-1]]
        + [{**STEPS[-1], "state": "current"}],
        "rows": ROWS,
        "documents": DOCUMENTS,
        "checked_documents": [
            {"document": document, "state": state}
            for document, state in zip(DOCUMENTS, ("ready", "missing", "on_paper"), strict=False)
        ],
        "statuses": list(Status),
        "due_on": now.date() + timedelta(days=9),
        "events": events(now),
        "estimate": ESTIMATE,
        "no_estimate": Estimate(unavailable="Không ước tính được vì chưa có quá trình đóng BHXH."),
        "files": FILES,
        "items": ITEMS,
        "table_headings": [
            {"label": "Cơ quan"},
            {"label": "Hồ sơ", "is_number": True},
            {"label": "Tỷ lệ", "is_number": True},
        ],
        "table_rows": [
            ["BHXH tỉnh Hà Nam", "1.204", "36,99%"],
            ["BHXH Thành phố Hồ Chí Minh", "168.121", "2,10%"],
        ],
        "pairs": [
            {"label": "Thời hạn", "value": "10 ngày làm việc"},
            {"label": "Lệ phí", "value": "Không"},
            {"label": "Mẫu đơn", "value": "14-HSB", "is_unsure": True},
        ],
        "long": LONG,
        "colours": COLOURS,
        "unsafe_files": [{"safety": safety} for safety in ("infected", "unreadable", "waiting")],
        "procedures": procedures_on(STYLE_DAY)[:2],
        "words": WORDS[:2],
        "picture": next(iter(pictures().values()), None),
        "moments": [now - timedelta(minutes=m) for m in (0, 5, 130, 1500, 5000, 90000)],
    }


STEPS: list[dict[str, Any]] = [
    {"title": "Người hưởng", "url": "#buoc", "state": "done", "seconds": 60},
    {"title": "Lý do hưởng một lần", "url": "#buoc", "state": "current", "seconds": 200},
    {"title": "Quá trình đóng bảo hiểm xã hội bắt buộc và tự nguyện", "url": "", "state": "todo"},
    {"title": "Cách nhận tiền", "url": "", "state": "todo"},
    {"title": "Giấy tờ", "url": "", "state": "todo"},
]

ROWS: list[dict[str, Any]] = [
    {"label": "Họ và tên", "value": "H'Hen Niê Ênuôl", "change_url": "#tom-tat"},
    {
        "label": "Địa chỉ",
        "value": [
            "Số 12, ngõ 345/67 đường Nguyễn Thị Minh Khai",
            "Phường Tân Lợi",
            "Thành phố Buôn Ma Thuột, Đắk Lắk",
        ],
        "change_url": "#tom-tat",
    },
    {"label": "Người được ủy quyền", "value": "", "change_url": "#tom-tat"},
    {"label": "Cơ quan giải quyết", "value": LONG, "is_unsure": True, "note": "Theo nơi cư trú đã khai."},
]

DOCUMENTS: list[Document] = [
    Document(
        code="so_bhxh",
        name="Sổ bảo hiểm xã hội",
        copy=Copy.ORIGINAL,
        basis=Basis("Luật BHXH 2014", "Điều 109"),
        note="Tải ảnh chụp các trang sổ và tờ rời.",
    ),
    Document(
        code="ho_chieu",
        name="Hộ chiếu do nước ngoài cấp",
        copy=Copy.CERTIFIED_TRANSLATION,
        basis=Basis("Luật BHXH 2014", "khoản 3 Điều 109"),
        condition_note="Nếu ra nước ngoài để định cư.",
    ),
    Document(
        code="khai",
        name="Bản khai cá nhân về thời gian, địa bàn phục vụ trong Quân đội có hưởng phụ cấp khu vực",
        copy=Copy.ORIGINAL,
        form="04B-HBQP",
        required=False,
        basis=Basis("Thông tư 181/2016/TT-BQP", "", Certainty.UNSURE),
    ),
    Document(
        code="don",
        name="Đơn đề nghị",
        form="14-HSB",
        copy=Copy.ORIGINAL,
        basis=Basis("Luật BHXH 2014", "Điều 109"),
        filled_here=True,
    ),
]

ESTIMATE = Estimate(
    lines=(
        Line(
            "Thời gian đóng trước năm 2014",
            "2 năm × 1,5 tháng",
            "3 tháng",
            "điểm a khoản 2 Điều 60 Luật 58/2014",
        ),
        Line(
            "Thời gian đóng từ năm 2014",
            "5,5 năm × 2 tháng",
            "11 tháng",
            "điểm b khoản 2 Điều 60 Luật 58/2014",
        ),
        Line(
            "Mức bình quân tiền lương tháng đóng BHXH đã điều chỉnh theo hệ số của năm 2019",
            "",
            "3.212.908 đ",
            "Điều 62 Luật 58/2014",
            is_unsure=True,
        ),
    ),
    total_vnd=44_980_714,
)

FILES: list[dict[str, Any]] = [
    {"name": "so-bhxh-trang-1.jpg", "size": 2_411_724, "public_id": "1", "url": "#tep"},
    {
        "name": "giấy_tờ_rất_dài_chụp_lúc_14_05_ngày_20_tháng_8_năm_2019_bản_cuối_cùng.pdf",
        "size": 48_200,
        "public_id": "2",
        "url": "#tep",
    },
]

ITEMS: list[dict[str, Any]] = [
    {"label": "Chờ xử lý", "url": "#hang-cho", "is_current": True, "count": 1204},
    {"label": "Của tôi", "url": "#hang-cho", "count": 12},
    {"label": "Chờ bổ sung", "url": "#hang-cho", "count": 0},
    {"label": "Đã xong", "url": "#hang-cho"},
]


def events(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": "Cơ quan BHXH yêu cầu bổ sung",
            "at": now - timedelta(hours=2),
            "by": "BHXH tỉnh Đắk Lắk",
            "text": "Ảnh trang 3 của sổ BHXH bị mờ.\nHãy chụp lại, thấy rõ bốn góc.",
            "url": "#dong-thoi-gian",
            "url_label": "Bổ sung ngay",
        },
        {"act": "deliver", "at": now - timedelta(days=1)},
        {"act": "file", "at": now - timedelta(days=1, minutes=2)},
    ]
