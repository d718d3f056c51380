"""The table of script/bench: honest ratios, and a page whose words outlive the next run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks.rows import Growth
from benchmarks.table import Line, as_markdown, as_text, compared, number, times

LINES = [
    Line(
        part="(a)",
        what="journey",
        ours=30,
        unit="/s",
        beside="wizard",
        other=60,
        ratio=0.5,
        goal="≥ 2 ×",
        is_met=False,
        why="twenty requests against six",
    ),
    Line(part="(g)", what="memory", ours=1234.5, unit="MiB"),
]


def test_a_ratio_is_taken_within_each_round() -> None:
    """A machine that is busy in one round slows both: the quotient of the medians would say something else."""
    assert compared([10, 1, 10], [20, 2, 5]) == (10, 5, 0.5)


def test_a_goal_that_isnt_met_says_so_and_why() -> None:
    text = as_text(LINES)
    assert "0.50 ×" in text
    assert "≥ 2 × NOT MET" in text
    assert "twenty requests against six" in text
    assert "1,234 MiB" in text
    assert "- (a) journey: twenty requests against six" in as_markdown(LINES)


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (0.123, "0.12"), (12.34, "12.3"), (4177524, "4,177,524")]
)
def test_numbers_have_three_digits_or_so(value: float | None, shown: str) -> None:
    assert number(value) == shown


def test_a_run_replaces_its_table_and_leaves_the_words_around_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{bench.BEGIN}\nold\n{bench.END}\nafter\n", encoding="utf-8")
    monkeypatch.setattr(bench, "PAGE", page)
    for _ in range(2):
        bench.written(LINES, datetime(2026, 11, 25, 17, 0, tzinfo=UTC))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text
    assert text.count("| (a) | journey |") == 1
    assert "cores" in text


def test_a_part_that_breaks_off_is_named_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"{bench.BEGIN}\n{bench.END}\n", encoding="utf-8")
    monkeypatch.setattr(bench, "PAGE", page)

    def broken() -> list[Line]:
        raise RuntimeError("the measuring process ended early")

    lines, missing = bench.measured({"rows": broken, "side by side": lambda: LINES})
    assert (lines, missing) == (LINES, ["rows"])
    bench.written(lines, datetime(2026, 11, 25, 17, 0, tzinfo=UTC), missing)
    assert "not measured in this run: rows." in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(("many_ms", "is_met"), [(49.0, True), (51.0, False)])
def test_a_page_must_be_quick_besides_growing_little(many_ms: float, is_met: bool) -> None:
    growth = Growth("rates, page of 63 rows", {100: many_ms, 10: many_ms, 1: many_ms}, 1.0)
    line = bench.grown(growth)
    assert line.is_met is is_met
    assert line.goal == "≤ 1.3 × and ≤ 50 ms"
    assert (
        bench.grown(Growth(growth.act, {100: many_ms}, 1.0)).is_met is None
    )  # one size says nothing of growth


def test_the_page_of_the_project_has_its_table() -> None:
    text = bench.PAGE.read_text(encoding="utf-8")
    table = text[text.index(bench.BEGIN) : text.index(bench.END)]
    for part in "abcdefgh":
        assert f"| ({part}) |" in table, f"no run has written part ({part})"


def test_a_small_ratio_reads_like_its_goal() -> None:
    assert [times(0.5), times(1 / 256)] == ["0.50 ×", "1/256"]
