"""Ports for services of the tests.

A port that the kernel has chosen (`bind` to 0) lies among those that it gives to outgoing
connections too: while a killed service is down, a connection to the database or to a messenger may
take it, and the service does not start again. So ours lie below them.
"""

import os
import random
import socket
from contextlib import suppress
from pathlib import Path

_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
_FIRST = 10_000
_TRIES = 1000


def free_port() -> int:
    """A port of this machine that nobody listens on and no outgoing connection is given."""
    chance = random.Random(os.urandom(8))
    for _ in range(_TRIES):
        port = chance.randrange(_FIRST, _last())
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("no port is free")


def _last() -> int:
    given = _OUTGOING.read_text(encoding="ascii").split()[0] if _OUTGOING.exists() else "32768"
    return max(int(given), _FIRST + _TRIES)
