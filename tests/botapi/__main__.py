"""`python -m tests.botapi --port 9100 --token 123456:TEST`: the server until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading

from tests.botapi.driver import TOKEN, BotApi
from tests.botapi.limits import Limits


def main() -> int:
    """Serves until it is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--user", action="append", default=[], metavar="ID:NAME")
    parser.add_argument("--limits", action="store_true", help="refuse floods as Telegram does")
    parser.add_argument("--hears-all", action="store_true", help="switch privacy mode off")
    asked = parser.parse_args()
    end = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: end.set())
    try:
        limits = Limits() if asked.limits else None
        api = BotApi(asked.token, limits=limits, port=asked.port, privacy=not asked.hears_all)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    with api:
        for one in asked.user:
            number, _, name = one.partition(":")
            api.user(int(number), name)
        print(f"Bot API: {api.base_url}  page: {api.url}/", flush=True)
        while not end.wait(0.5):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
