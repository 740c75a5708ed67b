"""What no code of this program does, because it was regretted elsewhere."""

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.architecture.source import Module, dotted, modules

Rule = Callable[[Module], Iterator[str]]

CLOCK = "app/models/clock.py"
MAY_PRINT = ("app/commands/", "app/main.py")
READS_THE_CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def pumped_events(module: Module) -> Iterator[str]:
    """`processEvents` runs other people's code in the middle of ours."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "processEvents":
            yield module.at(node, "processEvents")


def runnable_objects(module: Module) -> Iterator[str]:
    """A QRunnable that is a QObject too is deleted twice: by its pool, and by its parent."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            bases = {dotted(base).rpartition(".")[2] for base in node.bases}
            if "QRunnable" in bases and any(base.startswith("Q") for base in bases - {"QRunnable"}):
                yield module.at(node, f"{node.name} is a QRunnable and a QObject")


def sleeping_views(module: Module) -> Iterator[str]:
    """A view that sleeps is a window that does not answer."""
    if module.path.startswith("app/views/"):
        for call in module.calls():
            if dotted(call.func) in ("time.sleep", "sleep"):
                yield module.at(call, "sleeps in a view")


def own_clocks(module: Module) -> Iterator[str]:
    """Who reads the machine's clock cannot be set to another time by a test."""
    if module.path != CLOCK:
        for call in module.calls():
            if ".".join(dotted(call.func).split(".")[-2:]) in READS_THE_CLOCK:
                yield module.at(call, f"{dotted(call.func)}: take a Clock")


def prints(module: Module) -> Iterator[str]:
    """Only the command line talks to the terminal."""
    if not module.path.startswith(MAY_PRINT):
        for call in module.calls():
            if dotted(call.func) == "print":
                yield module.at(call, "prints")


RULES = (pumped_events, runnable_objects, sleeping_views, own_clocks, prints)
BROKEN = {
    pumped_events: ("app/views/a.py", "QApplication.processEvents()"),
    runnable_objects: ("app/views/a.py", "class Task(QtCore.QRunnable, QObject): ..."),
    sleeping_views: ("app/views/a.py", "time.sleep(1)"),
    own_clocks: ("app/services/a.py", "datetime.datetime.now(UTC)"),
    prints: ("app/services/a.py", "print('here')"),
}


@pytest.mark.parametrize("rule", RULES)
def test_no_module_has_the_habit(rule: Rule) -> None:
    assert [told for module in modules() for told in rule(module)] == []


@pytest.mark.parametrize("rule", RULES)
def test_the_habit_is_found_where_it_is(rule: Rule) -> None:
    assert len(list(rule(Module(*BROKEN[rule])))) == 1
