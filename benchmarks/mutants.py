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
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from django.db import connections

TARGETS: dict[str, list[str]] = {
    "procedures.domain.lifecycle": [
        "tests/procedures/domain/test_lifecycle_table.py",
    ],
    "accounts.views.access": ["tests/accounts/test_access.py", "tests/procedures/views/test_kept.py"],
    "procedures.services.lifecycle": [
        "tests/procedures/services/test_filing.py",
        "tests/procedures/casework/test_stale.py",
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
PATIENCE = (
    60  # seconds of one mutant's tests at least, else thrice what they took; a loop without end is found too
)
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
    """Run the tests in a fork; the database is only one, and its tests roll back. None: without a mutant."""
    child = os.fork()
    if child == 0:
        result, said = BROKEN, os.fdopen(os.dup(2), "w")
        try:
            result = _child(session, module, tree, path, patience)
        except BaseException:  # never out of here: pytest's end would remove the data of the servers
            traceback.print_exc(file=said)
            said.flush()
        finally:
            os._exit(result)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended != BROKEN, "the fork itself broke"
    return ended == 0


def _child(session: pytest.Session, module: str, tree: ast.Module | None, path: str, patience: int) -> int:
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    signal.alarm(patience)
    for connection in connections.all(initialized_only=True):
        connection.connection = None  # the parent's: not to be closed from here
    if tree is not None and not exchange(module, tree, path):
        return 0
    for number, item in enumerate(session.items):
        following = session.items[(number + 1) % len(session.items)]  # else it would take the database down
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return 1
    return 0


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    module = os.environ["MUTANTS_OF"]
    path = str(importlib.import_module(module).__file__)
    began = time.monotonic()
    for number, item in enumerate(session.items):  # unchanged first: else every mutant would "be found"
        following = session.items[(number + 1) % len(session.items)]  # the session's fixtures stay
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    assert not session.testsfailed, "the tests fail without any mutant"
    print(f"\n{module}: {len(session.items)} tests in {time.monotonic() - began:.0f} s", flush=True)
    patience = max(PATIENCE, int(3 * (time.monotonic() - began)))
    for connection in connections.all(initialized_only=True):
        connection.close()
    assert survives(session, module, None, path, patience), "the tests fail in a fork even without a mutant"
    found = list(mutants(ast.parse(Path(path).read_text(encoding="utf-8"))))
    sample = int(os.environ.get("SAMPLE") or len(found))
    chosen = found if sample >= len(found) else random.Random(7).sample(found, sample)
    survivors = []
    for what, line, tree in chosen:
        if survives(session, module, tree, path, patience):
            survivors.append((line, what))
            print(f"  survives, line {line}: {what[:110]}", flush=True)
    assert survives(session, module, None, path, patience), "the tests fail by now even without a mutant"
    killed = len(chosen) - len(survivors)
    print(
        f"{module}: {killed} of {len(chosen)} mutants found ({100 * killed / len(chosen):.0f} %); "
        f"there are {len(found)}",
        flush=True,
    )
    return True


def main() -> int:
    asked = sys.argv[1:] or list(TARGETS)
    for module in asked:
        tests = TARGETS[module]
        environment = {**os.environ, "MUTANTS_OF": module}
        command = [
            "-m",
            "pytest",
            "-p",
            "benchmarks.mutants",
            "-n",
            "0",
            "-q",
            "-p",
            "no:cacheprovider",
            "-s",
            *tests,
        ]
        os.spawnve(os.P_WAIT, sys.executable, [sys.executable, *command], environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
