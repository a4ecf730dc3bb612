"""The door of the page: a request that failed is sent again with the same client id."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import httpx

HEADERS = {"X-Requested-With": "motdaumoi"}


class WebDoor:
    """One person's page, in a rehearsal. `address`: of the service."""

    def __init__(self, address: str, person: int) -> None:
        self._client = httpx.Client(base_url=address, headers=HEADERS, timeout=3.0, trust_env=False)
        self._chat = f"/api/chats/{person}"
        self._seen = 0
        self._bot: list[Mapping[str, Any]] = []
        #: What was got, be it while a button was looked for, and not heard yet.
        self._new: list[str] = []
        self._act: tuple[str, dict[str, Any]] | None = None

    def close(self) -> None:
        """Lets go of the connection."""
        self._client.close()

    def says(self, text: str) -> bool:
        """A line."""
        return self.sends((), text)

    def sends(self, pictures: Sequence[bytes], text: str) -> bool:
        """Photos and a line."""
        files: list[tuple[str, Any]] = [
            ("files", (f"{n}.png", one)) for n, one in enumerate(pictures)
        ]
        data = {"client_id": uuid.uuid4().hex, "text": text}
        return self._sent("messages", data=data, files=files or [("ignored", (None, b""))])

    def taps(self, label: str) -> bool:
        """The newest live button of this label."""
        self._look()
        for message in reversed(self._bot[-12:]):
            for one in message["choices"]:
                if one["label"] == label:
                    tap = {"client_id": uuid.uuid4().hex, "prompt": message["id"], "n": one["n"]}
                    return self._sent("answers", json=tap)
        return False

    def heard(self) -> str:
        """What the page has got since the last look."""
        self._look()
        found, self._new = "\n".join(self._new), []
        return found

    def _sent(self, to: str, **body: Any) -> bool:
        """An act that was not answered stays the act: the next call repeats it as it was."""
        self._act = self._act or (to, body)
        to, body = self._act
        try:
            self._client.post(f"{self._chat}/{to}", **body).raise_for_status()
        except httpx.HTTPError:
            return False
        self._act = None
        return True

    def _look(self) -> None:
        query = {"after": self._seen, "limit": 500}
        try:
            found = self._client.get(f"{self._chat}/messages", params=query).raise_for_status()
        except httpx.HTTPError:
            return
        fresh = found.json()["messages"]
        self._seen = max((one["seq"] for one in fresh), default=self._seen)
        told = [one for one in fresh if one["from"] == "bot"]
        self._bot += told
        self._new += [one["text"] for one in told]
