"""The legal texts, spelled once. ``law_58("khoản 1 Điều 60")`` is a Basis in that text."""

from functools import partial

from procedures.domain.definition import Basis, Certainty

law_58 = partial(Basis, "Luật Bảo hiểm xã hội số 58/2014/QH13")
law_41 = partial(Basis, "Luật Bảo hiểm xã hội số 41/2024/QH15")
resolution_93 = partial(Basis, "Nghị quyết số 93/2015/QH13")
decree_115 = partial(Basis, "Nghị định số 115/2015/NĐ-CP")
decree_14 = partial(Basis, "Nghị định số 14/2020/NĐ-CP")
decree_158 = partial(Basis, "Nghị định số 158/2025/NĐ-CP")
decree_162 = partial(Basis, "Nghị định số 162/2026/NĐ-CP")
decree_63_2024 = partial(Basis, "Nghị định số 63/2024/NĐ-CP")
circular_59 = partial(Basis, "Thông tư số 59/2015/TT-BLĐTBXH")
circular_35 = partial(Basis, "Thông tư số 35/2018/TT-BLĐTBXH")
circular_56 = partial(Basis, "Thông tư số 56/2017/TT-BYT")
decision_166 = partial(Basis, "Quyết định số 166/QĐ-BHXH của BHXH Việt Nam")
decision_222 = partial(Basis, "Quyết định số 222/QĐ-BHXH của BHXH Việt Nam")
decision_3612 = partial(Basis, "Quyết định số 3612/QĐ-BHXH của BHXH Việt Nam")
decision_863 = partial(Basis, "Quyết định số 863/QĐ-BNV")
decision_91 = partial(Basis, "Quyết định số 91/2000/QĐ-TTg")
decision_613 = partial(Basis, "Quyết định số 613/QĐ-TTg")
decision_52 = partial(Basis, "Quyết định số 52/2013/QĐ-TTg")
vss_letter = partial(Basis, "BHXH Việt Nam")  # an official letter, named in the article
vss_sheet = partial(Basis, "bản công bố thủ tục của BHXH Việt Nam")  # a published procedure sheet

KNOWN = Certainty.KNOWN
CROSSCHECKED = Certainty.CROSSCHECKED
UNSURE = Certainty.UNSURE
