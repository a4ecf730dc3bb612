"""What users send besides words: files, albums, cards, places, polls, forwarded messages."""

from typing import Any, Unpack

from tests.botapi.entities import spotted
from tests.botapi.files import Stored, Upload
from tests.botapi.people import Clients, NotPossible, Where

Content = dict[str, Any]


def captioned(content: Content, caption: str | None) -> Content:
    """The content with its caption and what Telegram finds in that."""
    if not caption:
        return content
    found = spotted(caption)
    return content | {"caption": caption} | ({"caption_entities": found} if found else {})


class Attachments(Clients):
    """Files and the rest of the paper clip menu."""

    def send_photo(
        self,
        user: int,
        data: bytes,
        caption: str | None = None,
        name: str = "photo.jpg",
        width: int = 0,
        height: int = 0,
        **where: Unpack[Where],
    ) -> int:
        """A photo; its size is read from the picture unless it is given."""
        content = self._photo(data, name, width, height)
        return self.write(user, captioned(content, caption), **where)

    def _photo(self, data: bytes, name: str, width: int = 0, height: int = 0) -> Content:
        with self.state.lock:
            sizes = self.state.files.photo(Upload(name, "image/jpeg", data), width, height)
        return {"photo": [size.fields() for size in sizes]}

    def _file(
        self,
        kind: str,
        data: bytes,
        name: str,
        mime: str = "",
        size: int | None = None,
        **shape: int,
    ) -> Content:
        with self.state.lock:
            found = self.state.files.keep(kind, Upload(name, mime, data), size, **shape)
        return {kind: found.fields()}

    def send_album(
        self, user: int, items: list[tuple[str, bytes, str | None]], **where: Unpack[Where]
    ) -> list[int]:
        """Several photos, videos, documents or audio files as one album; the ids of all."""
        if not 2 <= len(items) <= 10:
            raise NotPossible("an album has 2 to 10 items")
        with self.state.lock:
            album = self.state.next_album()
            contents = [
                captioned(
                    self._photo(data, f"{number}.jpg")
                    if kind == "photo"
                    else self._file(kind, data, f"{kind}-{number}.bin"),
                    caption,
                )
                for number, (kind, data, caption) in enumerate(items, 1)
            ]
            return [self.write(user, content, album, **where) for content in contents]

    def send_document(
        self,
        user: int,
        data: bytes,
        name: str,
        mime: str,
        caption: str | None = None,
        **where: Unpack[Where],
    ) -> int:
        """A file."""
        content = captioned(self._file("document", data, name, mime), caption)
        return self.write(user, content, **where)

    def big_file(
        self,
        user: int,
        size: int,
        name: str = "video.zip",
        mime: str = "application/zip",
        **where: Unpack[Where],
    ) -> int:
        """A file of which only the size is declared, in bytes."""
        return self.write(user, self._file("document", b"", name, mime, size), **where)

    def send_voice(self, user: int, data: bytes, duration: int = 3, **where: Unpack[Where]) -> int:
        """A voice message of so many seconds."""
        content = self._file("voice", data, "voice.oga", duration=duration)
        return self.write(user, content, **where)

    def send_audio(
        self,
        user: int,
        data: bytes,
        name: str = "audio.mp3",
        duration: int = 3,
        **where: Unpack[Where],
    ) -> int:
        """A piece of music."""
        return self.write(user, self._file("audio", data, name, duration=duration), **where)

    def send_video(
        self,
        user: int,
        data: bytes,
        caption: str | None = None,
        name: str = "video.mp4",
        **where: Unpack[Where],
    ) -> int:
        """A video."""
        content = self._file("video", data, name, width=1280, height=720, duration=3)
        return self.write(user, captioned(content, caption), **where)

    def send_sticker(self, user: int, data: bytes = b"RIFF0000WEBP", **where: Unpack[Where]) -> int:
        """A sticker."""
        content = self._file("sticker", data, "s.webp", width=512, height=512)
        return self.write(user, content, **where)

    def send_contact(
        self,
        user: int,
        phone: str,
        first_name: str,
        user_id: int | None = None,
        **where: Unpack[Where],
    ) -> int:
        """Somebody's card; with `user_id` when he has an account, as one's own card has."""
        card = {"phone_number": phone, "first_name": first_name, "user_id": user_id}
        content = {"contact": {k: v for k, v in card.items() if v is not None}}
        return self.write(user, content, **where)

    def send_location(self, user: int, lat: float, lon: float, **where: Unpack[Where]) -> int:
        """A place on the map."""
        return self.write(user, {"location": {"latitude": lat, "longitude": lon}}, **where)

    def send_venue(
        self,
        user: int,
        lat: float,
        lon: float,
        title: str,
        address: str = "",
        **where: Unpack[Where],
    ) -> int:
        """A place with a name; it has a `location` beside its `venue`, as in reality."""
        place = {"latitude": lat, "longitude": lon}
        venue = {"location": place, "title": title, "address": address}
        return self.write(user, {"venue": venue, "location": place}, **where)

    def send_poll(
        self, user: int, question: str, options: list[str], **where: Unpack[Where]
    ) -> int:
        """A poll."""
        number = self.state.dice.randrange(10**18)
        poll = {
            "id": str(5_000_000_000_000_000_000 + number),
            "question": question,
            "options": [
                {"persistent_id": str(place), "text": one, "voter_count": 0}
                for place, one in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self.write(user, {"poll": poll}, **where)

    def send_dice(self, user: int, emoji: str = "🎲", **where: Unpack[Where]) -> int:
        """A die."""
        content = {"dice": {"emoji": emoji, "value": self.state.dice.randint(1, 6)}}
        return self.write(user, content, **where)

    def forward(
        self,
        user: int,
        text: str = "",
        message_id: int | None = None,
        sender: str = "Người gửi ẩn danh",
        **where: Unpack[Where],
    ) -> int:
        """Forwards a message of this chat, or a text of somebody who hides his account."""
        now = int(self.state.clock().timestamp())
        origin: Content = {"type": "hidden_user", "sender_user_name": sender, "date": now}
        content: Content = {"text": text}
        if message_id is not None:
            message = self.found(user, message_id, where.get("chat"))
            who = self.state.author(message)["from"]
            origin = {"type": "user", "sender_user": who, "date": int(message.date.timestamp())}
            content = dict(message.content)
        return self.write(user, {"forward_origin": origin, **content}, **where)

    def stored(self, file_id: str) -> Stored:
        """A file that the server has, with its bytes."""
        return self.state.files.by_id[file_id]

    def raw(self, update: dict[str, Any], lane: int = 0) -> int | None:
        """Queues any update, of a kind that nobody knows too; its id."""
        with self.state.lock:
            return self.state.updates.add(update, lane)
