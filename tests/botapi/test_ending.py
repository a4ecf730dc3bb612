"""The server ends with everybody let go, also whoever calls in that very moment."""

import gc
import socket
from contextlib import suppress
from threading import Thread

from tests.botapi.driver import TOKEN, BotApi


def test_who_calls_while_it_ends_is_not_left_half_connected() -> None:
    """What is found unclosed fails this test, and else one that follows."""
    asked = f"GET /bot{TOKEN}/getUpdates?timeout=20 HTTP/1.1\r\nHost: here\r\n\r\n".encode()
    for _ in range(10):
        api, callers = BotApi(), []

        def calls(to: BotApi) -> None:
            for _ in range(3):
                with suppress(OSError):
                    socket.create_connection(("127.0.0.1", to.port)).close()

        for _ in range(3):
            caller = socket.create_connection(("127.0.0.1", api.port))
            caller.sendall(asked)
            callers.append(caller)
        late = Thread(target=calls, args=(api,))
        late.start()
        api.close()
        late.join()
        for caller in callers:
            caller.close()
        gc.collect()
