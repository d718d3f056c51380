"""The Nu HTML checker finds no error on any page. It comes with script/web-tools; .ci/run installs it."""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture.test_walls import ROUTES
from tests.figures import figure
from tests.pages.walk import IN_EACH_LANGUAGE, NO_PAGES, Visit, of_every_shape

JAR = Path(
    os.environ.get("VNU_JAR", Path(settings.BASE_DIR) / "var/tools/node_modules/vnu-jar/build/dist/vnu.jar")
)
# The checker doesn't know what browsers do: content of an <a> laid over its card, and so on. None so far.
FORGIVEN: tuple[str, ...] = ()


@pytest.mark.django_db
@IN_EACH_LANGUAGE
def test_every_page_is_walked_and_is_html_without_errors(
    walk: Callable[[str], list[Visit]], language: str, tmp_path: Path
) -> None:
    """Which pages the walk saw is judged everywhere, the HTML where the checker is installed."""
    visits = of_every_shape(walk(language))
    unseen = sorted(ROUTES.keys() - NO_PAGES - {visit.route for visit in visits})
    assert not unseen, f"nobody saw {unseen}: make the walk meet them, or name them in NO_PAGES"
    if not JAR.is_file() or shutil.which("java") is None:
        pytest.skip("no Nu HTML checker here: script/web-tools brings it, and it needs java")
    errors = check(visits, tmp_path)
    figure(
        "Nu HTML checker",
        f"{language}: {len(visits)} pages of different shape, {sum(errors.values())} errors",
    )
    assert not errors, "\n".join(f"{count} × {words}" for words, count in errors.most_common())


def check(visits: list[Visit], folder: Path) -> Counter[str]:
    """Each error with the number of pages that have it, and one of them."""
    for number, visit in enumerate(visits):
        (folder / f"{number:04d}.html").write_text(visit.html, encoding="utf-8")
    command = [
        "java",
        "-jar",
        str(JAR),
        "--errors-only",
        "--format",
        "json",
        "--stdout",
        "--exit-zero-always",
    ]
    done = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True)
    found: Counter[str] = Counter()
    first: dict[str, str] = {}
    for message in json.loads(done.stdout)["messages"]:
        visit = visits[int(Path(message["url"]).stem)]
        words = f"{message['message']} {message.get('extract', '')}"
        first.setdefault(words, str(visit))
        found[words] += 1
    return Counter({f"{first[words]}: {words}": count for words, count in found.items()})
