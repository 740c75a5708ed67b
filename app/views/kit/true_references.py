"""Keeps PySide from ending the process on Python 3.11.

`SignalInstance.emit` of PySide 6.12 returns `True` without taking a reference to it, so every emit takes one away. From
Python 3.12 on `True` is immortal (PEP 683) and nothing happens; before, the interpreter stops after some hundred emits
("deallocating True or False"). `tests/views/kit/test_true_references.py` shows both, and tells when this can go.
"""

import ctypes
import sys

_IMMORTAL_FROM = (3, 12)
_ENOUGH = 1 << 40


def hold_true() -> None:
    """Give `True` more references than a process can ever emit signals."""
    if sys.version_info < _IMMORTAL_FROM:
        ctypes.c_ssize_t.from_address(id(True)).value += _ENOUGH
