"""A manage.py command on the data of script/server, a shell when none is named: what script/console runs.

Uses the PostgreSQL and Redis of a script/server that runs; otherwise starts them for as long as it takes.
"""

import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from portal.embedded import embedded_servers
from portal.processes import StartError
from portal.serve import ROOT, chosen_port, set_environment


def main(arguments: list[str]) -> int:
    var_dir = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve()
    try:
        set_environment(var_dir, chosen_port())
        with embedded_servers(var_dir) as running:
            os.environ |= {"DATABASE_URL": running.database_url, "REDIS_URL": running.redis_url}
            execute_from_command_line(["manage.py", *(arguments or ["shell"])])
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
