"""Is a path on a network share?"""

import ctypes
import os
import sys
from pathlib import Path

_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "smb2", "afpfs", "fuse.sshfs", "davfs", "ncpfs", "9p"})
_DRIVE_REMOTE = 4  # GetDriveTypeW, winbase.h


def is_network_share(path: Path) -> bool:
    """Whether `path` (which need not exist yet) lies on another machine."""
    text = str(path)
    if text.startswith(("\\\\", "//")):
        return True
    if sys.platform == "win32":
        drive = os.path.splitdrive(path.absolute())[0] + "\\"
        return bool(ctypes.windll.kernel32.GetDriveTypeW(drive) == _DRIVE_REMOTE)
    return _file_system(path) in _NETWORK


def _file_system(path: Path) -> str:
    """The type of the file system that the longest matching mount point holds; empty where nobody tells."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    target = path.expanduser().resolve()
    best = ("", "")
    for line in mounts:
        _, point, kind, *_ = line.split(" ")
        mounted = point.replace("\\040", " ")
        if target.is_relative_to(mounted) and len(mounted) >= len(best[0]):
            best = (mounted, kind)
    return best[1]
