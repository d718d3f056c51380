"""Khiếu nại against a decision: how long an office has to answer, and how long people have to complain.

Nobody here has read the text of the law on complaints; both limits are shown as "chưa kiểm chứng", and
neither bars anybody: a late complaint is taken too, and the office judges.
"""

from datetime import timedelta

from procedures.domain.definition import Basis, Certainty, Deadline, Unit

_LAW = "Luật Khiếu nại số 02/2011/QH13"

ANSWER = Deadline(30, Unit.DAY, Basis(_LAW, "Điều 28", Certainty.UNSURE))
"""From the day the office takes the complaint up; here the day it was made."""

MAKE = timedelta(days=90)
MAKE_BASIS = Basis(_LAW, "Điều 9", Certainty.UNSURE)

RIGHT = Basis("Luật Bảo hiểm xã hội số 58/2014/QH13", "Điều 119", Certainty.UNSURE)
