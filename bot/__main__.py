"""`python -m bot`: the command line."""

import sys


def main() -> None:
    """Runs one command and leaves the process with its exit code."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:  # Vietnamese passes through whatever the console's own encoding is
            reconfigure(encoding="utf-8", errors="replace")
    from bot.cli import app

    app(prog_name="bot")


if __name__ == "__main__":
    main()
