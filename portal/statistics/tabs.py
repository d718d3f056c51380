"""The pages of the rates, side by side; the period goes along from one to the next."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from portal.statistics.asked import address_of
from procedures.selectors.statistics.extent import Extent


@dataclass(frozen=True, slots=True)
class Tab:
    """As components/tabs.html takes it."""

    label: str
    url: str
    is_current: bool


def tabs_of(current: str, extent: Extent, viewer: User) -> list[Tab]:
    names = {
        "rates": _("Bảng số liệu"),
        "pictures": _("Bản đồ và biểu đồ"),
        "funnel": _("Phễu nộp hồ sơ"),
        "goals": _("Chỉ tiêu"),
        "editions": _("Báo cáo đã chốt"),
        "imports": _("Số nhập từ báo cáo"),
    }
    query = address_of(extent)
    return [
        Tab(label, f"{reverse(f'statistics:{name}')}?{query}", name == current)
        for name, label in names.items()
    ]
