"""The eighth procedure of docs/how-to/add-a-procedure.md, dropped into the catalogue for a test."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from procedures import catalogue
from procedures.catalogue import Register

HOW_TO = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-procedure.md"
CODE = "cap_lai_giay_hen"


def listings() -> list[str]:
    """The Python of the how-to: the procedure's file, and its test."""
    return re.findall(r"```python\n(.*?)```", HOW_TO.read_text(encoding="utf-8"), re.DOTALL)


class Drawer:
    """A folder the catalogue also looks into, as if its files had been dropped into catalogue/."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(folder)])

    def put(self, name: str, text: str) -> Register:
        """One more file; what the portal finds from now on."""
        (self.folder / f"{name}.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        register = catalogue.discover()
        self.monkeypatch.setattr(catalogue, "_REGISTER", register)
        return register


@pytest.fixture
def drawer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    yield Drawer(tmp_path, monkeypatch)
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(f"{catalogue.__name__}.{path.stem}", None)
        vars(catalogue).pop(path.stem, None)
