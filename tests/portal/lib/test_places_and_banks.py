import re
import subprocess
import sys

import pytest

from portal.lib import units
from portal.lib.banks import BANKS, bank_of
from portal.lib.vietnamese import fold, nfc_text


def test_all_units_before_the_merger_are_there():
    districts = [unit for province in units.provinces() for unit in units.districts(province.code)]
    communes = [unit for district in districts for unit in units.communes(district.code)]
    assert (len(units.provinces()), len(districts), len(communes)) == (63, 705, 10_599)


def test_a_commune_knows_its_path():
    assert units.path_of("00001") == "Phường Phúc Xá, Quận Ba Đình, Thành phố Hà Nội"


def test_names_are_spelt_one_way():
    districts = [unit for province in units.provinces() for unit in units.districts(province.code)]
    communes = [unit for district in districts for unit in units.communes(district.code)]
    for unit in (*units.provinces(), *districts, *communes):
        assert unit.name == nfc_text(unit.name)
        assert re.match(r"(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã) ", unit.name), unit
    assert units.district_of("058").name == "Thành phố Bắc Kạn"
    assert units.commune_of("03742").name == "Xã É Tòng"
    assert units.commune_of("20236").name == "Phường Hải Châu I"


def test_units_come_in_the_order_people_look_for_them():
    names = [unit.name for unit in units.districts("79")]
    assert names.index("Quận 3") < names.index("Quận 10") < names.index("Quận Bình Tân")
    assert units.provinces()[0].name == "Tỉnh An Giang"


def test_an_address_must_hang_together():
    assert units.belongs("00001", "001", "01")
    assert not units.belongs("00001", "002", "01")
    assert not units.belongs("00001", "001", "79")
    assert not units.belongs("99999", "001", "01")
    assert not units.belongs("", "001", "01")
    assert not units.belongs("00001", "", "")


def test_an_island_district_is_address_enough():
    for code in units.ISLANDS:
        district = units.district_of(code)
        assert units.communes(code) == ()
        assert units.belongs("", code, district.parent)


def test_unknown_codes_have_no_children_and_no_path():
    assert units.districts("99") == units.communes("") == ()
    with pytest.raises(KeyError):
        units.path_of("99999")


def test_the_package_of_the_data_is_not_imported():
    use = "import sys; from portal.lib import units; units.path_of('00001')"
    script = f"{use}; sys.exit('pydantic' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def test_banks_are_told_apart_by_number_and_name():
    assert bank_of("970405").name == "Agribank"
    assert len({bank.bin for bank in BANKS}) == len({fold(bank.name) for bank in BANKS}) == len(BANKS) == 34
    assert all(re.fullmatch(r"[0-9]{6}", bank.bin) for bank in BANKS)
    with pytest.raises(KeyError):
        bank_of("000000")
