"""What a contributor types, step by step, to file "BHXH một lần" a year after leaving work."""

from typing import Any

from django.test import Client

from procedures.models import Dossier

PERSON = {
    "full_name": "Nguyễn Thị Hằng",
    "birth_date": "1/2/1960",
    "sex": "nu",
    "bhxh_number": "0119 000 001",
    "identity_number": "001160000018",
    "identity_issued_on": "01062015",
    "identity_issued_by": "Công an Hà Nội",
    "phone": "+84 919000001",
    "email": "hang@example.vn",
    "address-province": "01",
    "address-district": "001",
    "address-commune": "00001",
    "address-street": "12 Yên Phụ",
}
REASON = {
    "reason": "sau_mot_nam",
    "left_on": "31/8/2016",
    "contributes_again": "khong",
    "army_regional_allowance": "khong",
}
HISTORY = {
    "history-0-from_month": "1/2012",
    "history-0-to_month": "8/2016",
    "history-0-wage_kind": "employer",
    "history-0-monthly_wage": "4.000.000",
}
PAYMENT = {"payment_method": "cash", "result_delivery": "office"}
REPRESENTATIVE = {"representative": "khong"}
STEPS = {
    "nguoi_nop": PERSON,
    "ly_do": REASON,
    "qua_trinh": HISTORY,
    "nhan_tien": PAYMENT,
    "nguoi_dai_dien": REPRESENTATIVE,
}


def step_url(dossier: Dossier, name: str) -> str:
    return f"/ho-so/{dossier.public_id}/buoc/{name}/"


def post(
    browser: Client, dossier: Dossier, name: str, values: dict[str, Any], action: str = "next", **extra: Any
) -> Any:
    """Post a step as its page would, made from the dossier as it is now unless told otherwise."""
    revision = extra.pop("revision", Dossier.objects.get(pk=dossier.pk).revision)
    data = {**values, "_revision": revision, "_action": action}
    return browser.post(step_url(dossier, name), data, **extra)
