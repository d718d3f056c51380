"""How many small lies in the code the tests find. script/mutants [module …], SAMPLE=50 for so many a module.

Servers and tests are loaded once, and each mutant lives in a fork: the code of one function is exchanged in place,
the module's tests run until one fails (docs/decisions/0097). The kinds of mutants are mutmut's: comparisons, and/or,
not, numbers, words, constants, arithmetic, calls left out.
"""

import ast
import copy
import gc
import importlib
import os
import random
import resource
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TextIO

import psycopg
import pytest
from django.db import connections

from tests.servers import create_database, template_database

TARGETS: dict[str, list[str]] = {
    "procedures.domain.lifecycle": ["tests/procedures/domain/test_lifecycle_table.py"],
    "accounts.views.access": ["tests/accounts/test_access.py", "tests/procedures/views/test_kept.py"],
    "procedures.services.lifecycle": ["tests/procedures/services/test_lifecycle.py"],
    "procedures.services.access": [
        "tests/procedures/services/test_access.py",
        "tests/running/test_alarms.py",
    ],
    "procedures.services.dispatch": [
        "tests/procedures/services/test_dispatch.py",
        "tests/procedures/services/test_filing.py",
    ],
    "accounts.services.codes": [
        "tests/accounts/test_codes_to_the_letter.py",
        "tests/accounts/test_codes.py",
        "tests/accounts/test_own_codes.py",
        "tests/accounts/test_networks.py",
    ],
}
# A loop without end is found, too: by CPU seconds, thrice what the tests took but so many at least, since other work on
# the machine must not make a lie be found; and one that waits for nothing, by the clock.
PATIENCE, LONGEST = 30, 1800
PATIENT = "-c statement_timeout=300s -c lock_timeout=300s"  # nor must the database's limits
BROKEN = 70  # how a fork ends that couldn't even begin
SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


def mutants(tree: ast.Module) -> Iterator[tuple[str, int, ast.Module]]:
    """Each with what was changed and its line; the tree given is left as it is. Inside functions only."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    inside = [node for function in functions for statement in function.body for node in ast.walk(statement)]
    left_out = {id(f.body[0].value) for f in functions if isinstance(f.body[0], ast.Expr)}  # docstrings
    left_out |= {id(part) for node in inside if _is_step(node) for part in ast.walk(node)}
    for node in dict.fromkeys(inside):
        if id(node) in left_out:
            continue
        for name, change in changes(node):
            kept = copy.copy(node.__dict__)
            change()
            yield f"{name}", getattr(node, "lineno", 0), copy.deepcopy(tree)
            node.__dict__.clear()
            node.__dict__.update(kept)


def _is_step(node: ast.AST) -> bool:
    """``chaos.step("name", …)`` does nothing but under tests/faults, which fail when nobody comes to a step."""
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("chaos.step(")


def changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Compare():
            new = [SWAPPED[type(op)]() for op in node.ops]
            yield ast.unparse(node), lambda: setattr(node, "ops", new)
        case ast.BoolOp() | ast.BinOp() if type(node.op) in SWAPPED:
            yield ast.unparse(node), lambda: setattr(node, "op", SWAPPED[type(node.op)]())
        case ast.UnaryOp(op=ast.Not()):
            double = ast.UnaryOp(op=ast.Not(), operand=node.operand)
            yield ast.unparse(node), lambda: setattr(node, "operand", ast.copy_location(double, node))
        case ast.Constant(value=bool()):
            yield ast.unparse(node), lambda: setattr(node, "value", not node.value)
        case ast.Constant(value=int() | float()):
            yield ast.unparse(node), lambda: setattr(node, "value", node.value + 1)
        case ast.Constant(value=str()):
            yield ast.unparse(node), lambda: setattr(node, "value", f"XX{node.value}XX")
        case ast.Expr(value=ast.Call()):
            nothing = ast.copy_location(ast.Constant(value=None), node)
            yield f"without {ast.unparse(node)}", lambda: setattr(node, "value", nothing)


def codes_in(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from codes_in(part)


def exchange(module: str, tree: ast.Module, path: str) -> bool:
    """Give the living functions of the module the code of the mutant. False: nothing living was changed. By ``type``:
    isinstance() asks lazy objects, which then load what isn't there."""
    new = {
        code.co_qualname: code for code in codes_in(compile(ast.fix_missing_locations(tree), path, "exec"))
    }
    changed = False
    for function in [
        one for one in gc.get_objects() if type(one) is FunctionType and one.__module__ == module
    ]:
        code = new.get(function.__code__.co_qualname)
        if (
            code is None
            or function.__code__.co_filename != path
            or code.co_freevars != function.__code__.co_freevars
        ):
            continue
        changed = (
            changed
            or code.co_code != function.__code__.co_code
            or code.co_consts != function.__code__.co_consts
        )
        function.__code__ = code
    return changed


def survives(session: pytest.Session, module: str, tree: ast.Module | None, path: str, patience: int) -> bool:
    """Run the tests in a fork, on a database as the migrations leave it. The test that finds the mutant is the first
    one next time: it often finds its neighbours. ``tree`` None: without a mutant, and what fails is printed."""
    for connection in connections.all(initialized_only=True):
        connection.close()
    database = connections["default"].settings_dict["NAME"]
    while database.startswith("test_"):
        with suppress(psycopg.errors.InsufficientPrivilege):  # PostgreSQL is just vacuuming the old one
            create_database(database, template_database())
            break
    ear, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        result, said = BROKEN, os.fdopen(os.dup(2), "w")
        try:
            if tree is None:
                session.config.pluginmanager.register(Control(said))
            result = _child(session, module, tree, path, patience, mouth)
        except BaseException:  # never out of here: pytest's end would remove the data of the servers
            traceback.print_exc(file=said)
        finally:
            said.flush()
            os._exit(result)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended != BROKEN, "the fork itself broke"
    if ended < 0:
        print(f"  ended by {signal.Signals(-ended).name}", flush=True)
    os.close(mouth)
    with os.fdopen(ear) as heard:
        if found_by := heard.read():
            session.items.insert(0, session.items.pop(int(found_by)))
    return ended == 0


class Control:
    """A plugin of the fork without a mutant: what failed there is the method's fault, and must be seen."""

    def __init__(self, said: TextIO) -> None:
        self.said = said

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            print(report.nodeid, report.when, report.longreprtext, sep="\n", file=self.said)


def _child(  # noqa: PLR0917
    session: pytest.Session, module: str, tree: ast.Module | None, path: str, patience: int, mouth: int
) -> int:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    signal.alarm(LONGEST)
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience))
    if tree is not None and not exchange(module, tree, path):
        return 0
    for number in range(len(session.items)):
        _run(session, number)
        if session.testsfailed:
            os.write(mouth, str(number).encode())
            return 1
    return 0


def _run(session: pytest.Session, number: int) -> None:
    """One test. What "follows" is the session: its fixtures, the database among them, stay, and no other does."""
    item = session.items[number]
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


def _set_up(session: pytest.Session) -> None:
    """The session's fixtures, once for all forks, by the first test's setup. No test runs here: whoever has made a PDF
    leaves forks that can't (portal/lib/typesetting.py)."""
    session.config.option.setuponly = True
    _run(session, 0)
    session.config.option.setuponly = False
    session.items.sort(
        key=lambda item: item.get_closest_marker("django_db") is not None
    )  # the quick ones first


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    module = os.environ["MUTANTS_OF"]
    path = str(importlib.import_module(module).__file__)
    connections["default"].settings_dict["OPTIONS"]["options"] = PATIENT
    _set_up(session)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Unchanged first: else every mutant would "be found".
    assert survives(session, module, None, path, LONGEST), "the tests fail in a fork even without a mutant"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n{module}: {len(session.items)} tests, {took:.0f} CPU seconds", flush=True)
    patience = max(PATIENCE, int(3 * took))
    found = list(mutants(ast.parse(Path(path).read_text(encoding="utf-8"))))
    sample = int(os.environ.get("SAMPLE") or len(found))
    chosen = found if sample >= len(found) else random.Random(7).sample(found, sample)
    survivors = []
    for number, (what, line, tree) in enumerate(chosen, start=1):
        print(f"  {number} of {len(chosen)}", end="\r", flush=True)
        # Found twice, by a test that is the first one by then: none of a busy machine's moods, nor of those before it.
        if any(survives(session, module, tree, path, patience) for _ in range(2)):
            survivors.append((line, what))
            print(f"  survives, line {line}: {what[:110]}", flush=True)
    assert survives(session, module, None, path, LONGEST), "the tests fail by now even without a mutant"
    killed = len(chosen) - len(survivors)
    print(
        f"{module}: {killed} of {len(chosen)} mutants found ({100 * killed / len(chosen):.0f} %); "
        f"there are {len(found)}",
        flush=True,
    )
    return True


def main() -> int:
    ended, wanted = 0, sys.argv[1:] or list(TARGETS)
    if unknown := ", ".join(set(wanted) - TARGETS.keys()):
        sys.exit(f"No tests are named for {unknown}. Known: {', '.join(TARGETS)}")
    for module in wanted:
        options = ["-p", "benchmarks.mutants", "-n", "0", "-q", "-p", "no:cacheprovider", "-s"]
        command = [sys.executable, "-m", "pytest", *options, *TARGETS[module]]
        ended |= os.spawnve(os.P_WAIT, sys.executable, command, {**os.environ, "MUTANTS_OF": module})
    return ended


if __name__ == "__main__":
    sys.exit(main())
