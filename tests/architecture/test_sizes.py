"""Beauty is lost in the tail: one file, one class, one function that grew without end."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, modules

FILE_LINES, CLASS_LINES, FUNCTION_LINES = 400, 300, 60


def too_long(module: Module) -> Iterator[str]:
    lines = len(module.text.splitlines())
    if lines > FILE_LINES:
        yield f"{module.path}: {lines} lines, at most {FILE_LINES}"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            most = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > most:
                yield module.at(node, f"{node.name} has {lines} lines, at most {most}")


def test_no_file_class_or_function_is_too_long() -> None:
    assert [told for module in modules() for told in too_long(module)] == []


def test_a_long_function_class_and_file_are_found() -> None:
    body = "        pass\n"
    function = Module("f.py", "def f():\n" + body * FUNCTION_LINES)
    group = Module("c.py", "class C:\n" + "    x = 1\n" * CLASS_LINES)
    file = Module("l.py", "x = 1\n" * (FILE_LINES + 1))
    assert [len(list(too_long(each))) for each in (function, group, file)] == [1, 1, 1]
    assert not list(too_long(Module("f.py", "def f():\n" + body * (FUNCTION_LINES - 1))))
