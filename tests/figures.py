"""Figures the tests measure, printed together at the end of a run whichever xdist worker measured them."""

import os
from pathlib import Path

from tests.servers import FOLDER

FILE = "figures.txt"


def figure(table: str, line: str) -> None:
    """One line of a table; tables and lines are printed in alphabetical order."""
    with (Path(os.environ[FOLDER]) / FILE).open("a", encoding="utf-8") as file:
        file.write(f"{table}: {line}\n")


def measured() -> list[str]:
    path = Path(os.environ.get(FOLDER, "")) / FILE
    return sorted(set(path.read_text(encoding="utf-8").splitlines())) if path.is_file() else []
