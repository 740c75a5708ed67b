"""Windows' way to hold a process with all that it starts: a job object that ends them when it is closed.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

import ctypes
import sys
from ctypes import wintypes

_KILL_ON_CLOSE = 0x2000
_LIMITS, _ACCOUNTING = 9, 1
"""JobObjectExtendedLimitInformation, JobObjectBasicAccountingInformation."""

_SET_QUOTA, _TERMINATE = 0x0100, 0x0001


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class _Accounting(ctypes.Structure):
    """JOBOBJECT_BASIC_ACCOUNTING_INFORMATION."""

    _fields_ = (
        ("Times", ctypes.c_int64 * 4),
        ("TotalPageFaultCount", wintypes.DWORD),
        ("TotalProcesses", wintypes.DWORD),
        ("ActiveProcesses", wintypes.DWORD),
        ("TotalTerminatedProcesses", wintypes.DWORD),
    )


if sys.platform == "win32":
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel.CreateJobObjectW.argtypes = (ctypes.c_void_p, wintypes.LPCWSTR)
    _kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    _kernel.QueryInformationJobObject.argtypes = (
        *(wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD),
        ctypes.c_void_p,
    )
    _kernel.OpenProcess.restype = wintypes.HANDLE
    _kernel.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    _kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    class JobObject:
        """The process of that number and all that it will start; `OSError` where Windows refuses."""

        def __init__(self, process: int) -> None:
            self._job = _kernel.CreateJobObjectW(None, None)
            if not self._job:
                raise ctypes.WinError(ctypes.get_last_error())
            limits = _Limits(LimitFlags=_KILL_ON_CLOSE)
            _require(_kernel.SetInformationJobObject(self._job, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)))
            handle = _kernel.OpenProcess(_SET_QUOTA | _TERMINATE, False, process)
            _require(handle)
            try:
                _require(_kernel.AssignProcessToJobObject(self._job, handle))
            finally:
                _kernel.CloseHandle(handle)

        def ask(self) -> None:
            """A process without a window cannot be asked: it is ended."""
            self.kill()

        def kill(self) -> None:
            _kernel.TerminateJobObject(self._job, 1)

        def is_gone(self) -> bool:
            found = _Accounting()
            size = ctypes.sizeof(found)
            _require(_kernel.QueryInformationJobObject(self._job, _ACCOUNTING, ctypes.byref(found), size, None))
            return not found.ActiveProcesses

        def close(self) -> None:
            _kernel.CloseHandle(self._job)

    def _require(done: int | None) -> None:
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())
