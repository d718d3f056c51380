"""Words that not everybody knows, explained where they stand: "BHXH là gì?"."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Word:
    term: str  # as it stands in Vietnamese texts
    name: StrOrPromise
    meaning: StrOrPromise


# Longer terms first: what they hold is not explained a second time.
WORDS = (
    Word(
        "mã số BHXH",
        _("Mã số BHXH"),
        _("Dãy 10 chữ số của riêng mỗi người, in trên bìa sổ BHXH; cũng là 10 số cuối của mã thẻ BHYT."),
    ),
    Word(
        "sổ BHXH",
        _("Sổ BHXH"),
        _("Sổ bìa xanh và các tờ rời, ghi từng khoảng thời gian đã đóng bảo hiểm xã hội."),
    ),
    Word(
        "BHXH",
        _("BHXH"),
        _("Bảo hiểm xã hội: tiền đóng khi đi làm, để khi già, ốm, mất việc hoặc qua đời thì được chi trả."),
    ),
    Word("CMND", _("CMND, CCCD"), _("Chứng minh nhân dân (9 số) và căn cước công dân (12 số).")),
    Word(
        "lương hưu", _("Lương hưu"), _("Tiền nhận hàng tháng khi đã đủ tuổi nghỉ hưu và đủ số năm đóng BHXH.")
    ),
    Word("tuất", _("Trợ cấp tuất"), _("Tiền cho gia đình của người đóng hoặc đang hưởng BHXH đã mất.")),
    Word("thân nhân", _("Thân nhân"), _("Vợ, chồng, con, cha mẹ và người mà người đã mất phải nuôi dưỡng.")),
    Word(
        "ủy quyền",
        _("Ủy quyền"),
        _("Giao cho người khác làm thay, bằng giấy theo mẫu 13-HSB có chứng thực."),
    ),
    Word("bảo lưu", _("Bảo lưu"), _("Giữ lại thời gian đã đóng để sau này cộng tiếp, không mất đi.")),
    Word("định cư", _("Định cư"), _("Ra nước ngoài ở hẳn, không phải đi học, đi làm có thời hạn.")),
    Word(
        "thâm niên",
        _("Phụ cấp thâm niên"),
        _("Khoản tiền thêm vào lương theo số năm làm nghề, ở đây là nghề dạy học."),
    ),
    Word(
        "mất sức",
        _("Trợ cấp mất sức lao động"),
        _("Trợ cấp theo quy định cũ cho người nghỉ việc vì mất sức."),
    ),
    Word(
        "chứng thực",
        _("Chứng thực"),
        _("Ủy ban nhân dân xã, phường hoặc văn phòng công chứng xác nhận bản sao, chữ ký là đúng."),
    ),
    Word("ngày làm việc", _("Ngày làm việc"), _("Không kể thứ bảy, chủ nhật và ngày lễ.")),
)


def words_in(text: str) -> list[Word]:
    """Those that stand in a text, in the order of WORDS."""
    found = []
    for word in WORDS:
        pattern = re.compile(rf"(?<!\w){re.escape(word.term)}(?!\w)", re.IGNORECASE)
        if pattern.search(text):
            found.append(word)
            text = pattern.sub("", text)
    return found
