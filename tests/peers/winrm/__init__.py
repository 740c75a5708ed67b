"""A Windows host's end of PowerShell remoting: WSMan over HTTPS, PSRP in it, Basic and NTLM to sign in.

The protocol is the real one, by psrpcore's server and pyspnego's acceptor. There is no PowerShell behind it: what
a script does is played by a scenario, a function of a test.
"""

from tests.peers.winrm.playing import Invocation, Play, Scenario
from tests.peers.winrm.server import WinrmServer

__all__ = ["Invocation", "Play", "Scenario", "WinrmServer"]
