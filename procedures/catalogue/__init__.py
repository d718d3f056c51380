"""The register of procedures: every module of this package is one of them.

A module exposes ``PROCEDURE``, or ``EDITIONS`` when the rules changed over time. Nothing here names a
procedure, so an eighth one is one new file.
"""

import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from types import ModuleType

from portal.lib.vietnamese import format_date
from procedures.domain.definition import Procedure
from procedures.domain.errors import UnknownProcedure


@dataclass(frozen=True, slots=True)
class Register:
    """All editions of all procedures, by code; editions of one code are in order of time."""

    editions: dict[str, tuple[Procedure, ...]]

    def procedures_on(self, day: date) -> tuple[Procedure, ...]:
        valid = [one for editions in self.editions.values() for one in editions if one.is_valid_on(day)]
        return tuple(sorted(valid, key=lambda procedure: (procedure.order, procedure.code)))

    def procedure_on(self, code: str, day: date) -> Procedure:
        for procedure in self.editions.get(code, ()):
            if procedure.is_valid_on(day):
                return procedure
        raise UnknownProcedure(f"Không có thủ tục “{code}” áp dụng vào ngày {format_date(day)}.")

    def edition(self, code: str, edition: str) -> Procedure:
        for procedure in self.editions.get(code, ()):
            if procedure.edition == edition:
                return procedure
        raise UnknownProcedure(f"Không có thủ tục “{code}” phiên bản “{edition}”.")


def discover() -> Register:
    """Reads every module of this package. Raises ValueError when editions of one code overlap."""
    names = (f"{__name__}.{found.name}" for found in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(name) for name in names]
    return register_of(procedure for module in modules for procedure in _procedures_of(module))


def register_of(procedures: Iterable[Procedure]) -> Register:
    by_code: dict[str, list[Procedure]] = defaultdict(list)
    for procedure in procedures:
        by_code[procedure.code].append(procedure)
    return Register({code: _in_order_of_time(editions) for code, editions in sorted(by_code.items())})


def _procedures_of(module: ModuleType) -> Iterator[Procedure]:
    if hasattr(module, "EDITIONS"):
        yield from module.EDITIONS
        return
    if not hasattr(module, "PROCEDURE"):
        raise ValueError(f"{module.__name__} has neither PROCEDURE nor EDITIONS.")
    yield module.PROCEDURE


def _in_order_of_time(editions: list[Procedure]) -> tuple[Procedure, ...]:
    ordered = sorted(editions, key=lambda procedure: procedure.valid_from)
    if len({procedure.edition for procedure in ordered}) < len(ordered):
        raise ValueError(f"Two editions of {ordered[0].code} have the same name.")
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise ValueError(f"Editions {earlier.edition} and {later.edition} of {later.code} overlap.")
    return tuple(ordered)


_REGISTER = discover()


def procedures_on(day: date) -> tuple[Procedure, ...]:
    """The procedures in force on that day, in the order of the published list."""
    return _REGISTER.procedures_on(day)


def procedure_on(code: str, day: date) -> Procedure:
    """The edition in force on that day. Raises UnknownProcedure."""
    return _REGISTER.procedure_on(code, day)


def edition(code: str, edition: str) -> Procedure:
    """The pinned edition of a dossier. Raises UnknownProcedure."""
    return _REGISTER.edition(code, edition)


def all_editions() -> tuple[Procedure, ...]:
    """Every edition of every procedure, for generated pages and checks."""
    return tuple(one for editions in _REGISTER.editions.values() for one in editions)
