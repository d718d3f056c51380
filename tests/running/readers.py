"""Reading logs for what belongs to people."""

from collections.abc import Iterable
from pathlib import Path

from portal.lib.vietnamese import fold


def personal_data_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets stand in a text, in whatever letters."""
    folded = fold(text)
    return [secret for secret in secrets if fold(secret) in folded]


def personal_data_in_logs(folder: Path, secrets: Iterable[str]) -> dict[str, list[str]]:
    """Of every log file, which of the secrets stand in it."""
    wanted = list(secrets)
    logs = sorted(folder.glob("*.log"))
    assert logs, f"no logs in {folder}"
    found = {log.name: personal_data_in(log.read_text(errors="replace"), wanted) for log in logs}
    return {name: secrets for name, secrets in found.items() if secrets}
