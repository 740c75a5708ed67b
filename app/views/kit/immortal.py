"""Keeps PySide 6.12 from ending the process on Python 3.11.

Its wheels return `None`, `True` and `False` as Python 3.12 allows: without taking a reference, since they are immortal
there (PEP 683). Before 3.12 every call of a Qt method that returns nothing, and every `emit`, takes a reference away,
until the interpreter stops ("deallocating None"). So they are given more references than a process can ever use up.
`tests/views/kit/test_immortal.py` shows both, and tells when this can go.
"""

import ctypes
import sys

_IMMORTAL_FROM = (3, 12)
_ENOUGH = 1 << 40


def hold_constants() -> None:
    """Give the constants of Python a life as long as the process's."""
    if sys.version_info < _IMMORTAL_FROM:
        for each in (None, True, False, NotImplemented):
            ctypes.c_ssize_t.from_address(id(each)).value += _ENOUGH
