"""One window a profile: a second start brings the first one to the front, with the ticket it was started for."""

from PySide6.QtCore import QEventLoop, QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.models.errors import KnownError
from app.services.instance import call_name
from app.services.profile import Profile

_PATIENCE_MS, _ANSWER_MS, _AGAIN_MS = 8_000, 3_000, 100
_LONGEST = 32
_DONE = b"ok\n"


class Instance(QObject):
    """Holds the profile for this process. `asked` brings the number of a ticket, or 0 to come to the front only.

    What is asked before somebody listens to `asked` is kept in `waiting`. The lock of a process that was killed is
    taken over: it names its process, which is gone.
    """

    asked = Signal(int)

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        profile.ready()
        self._lock = QLockFile(str(profile.lock))
        self._lock.setStaleLockTime(0)
        self._name = call_name(profile)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        self.waiting: int | None = None
        self._folder = profile.folder

    def take(self) -> bool:
        """Whether the profile is ours from now on; False where another process has it."""
        if not self._lock.tryLock(0):
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                return False
            raise KnownError("profile.cannot_write", folder=self._folder, reason=self._lock.fileName())
        QLocalServer.removeServer(self._name)
        self._server.listen(self._name)
        return True

    def ask_other(self, ticket: int) -> None:
        """Have the desk that holds the profile come to the front; `KnownError` `instance.silent` where it does not."""
        loop, again, end = QEventLoop(), QTimer(interval=_AGAIN_MS), QTimer(interval=_PATIENCE_MS, singleShot=True)
        again.timeout.connect(lambda: loop.exit(0) if _asked(self._name, ticket) else None)
        end.timeout.connect(lambda: loop.exit(1))
        again.start()
        end.start()
        if not _asked(self._name, ticket) and loop.exec() != 0:
            raise KnownError("instance.silent", folder=self._folder)

    def release(self) -> None:
        """Another process may have the profile."""
        self._server.close()
        self._lock.unlock()

    def _meet(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda caller=caller: self._hear(caller))
            caller.disconnected.connect(caller.deleteLater)
            if caller.bytesAvailable():
                self._hear(caller)

    def _hear(self, caller: QLocalSocket) -> None:
        if caller.bytesAvailable() > _LONGEST:
            caller.abort()
            return
        if not caller.canReadLine():
            return
        told = bytes(caller.readLine().data()).strip()
        if not told.isdigit():
            caller.abort()
            return
        self.waiting = int(told)
        caller.write(_DONE)
        caller.flush()
        caller.disconnectFromServer()
        self.asked.emit(self.waiting)


def _asked(name: str, ticket: int) -> bool:
    """Whether the other desk heard and said so."""
    line = QLocalSocket()
    line.connectToServer(name)
    if not line.waitForConnected(_ANSWER_MS):
        return False
    line.write(f"{ticket}\n".encode())
    line.waitForBytesWritten(_ANSWER_MS)
    while not line.canReadLine():
        if not line.waitForReadyRead(_ANSWER_MS):
            return False
    return bytes(line.readLine().data()) == _DONE
