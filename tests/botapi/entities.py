"""Formatted text: the HTML of the Bot API read into entities and back, in UTF-16 units."""

import html as stdlib_html
import re
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.refusal import bad

Entity = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
REFERENCE = re.compile(rb"&(?:#(\d{1,8})|#x([0-9a-fA-F]{1,7})|(lt|gt|amp|quot));")
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
NAME = re.compile(rb"[^\s>]*")
ATTRIBUTE = re.compile(rb"\s*([^\s=>]*)\s*")
TOKEN = re.compile(rb"[0-9A-Za-z.-]*")
SPACE = b" \t\r\n\0\v"
COMMAND = re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])")
MENTION = re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")
URL = re.compile(r"https?://[^\s<>]+[^\s<>.,;:!?)]")


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def broken(reason: str) -> Exception:
    """The refusal of a text that cannot be parsed."""
    return bad(f"can't parse entities: {reason}")


@dataclass
class Open:
    """A start tag whose end has not come yet."""

    tag: str
    argument: str
    offset: int
    begin: int


@dataclass
class Reader:
    """Reads one HTML text; positions are bytes of its UTF-8, offsets are UTF-16 units."""

    source: bytes
    out: list[str] = field(default_factory=list)
    offset: int = 0
    stack: list[Open] = field(default_factory=list)
    found: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        """The bare text and its entities; raises the refusal of a broken one."""
        at = 0
        while at < len(self.source):
            at = self._step(at)
        if self.stack:
            raise broken(f'Can\'t find end tag corresponding to start tag "{self.stack[-1].tag}"')
        ordered = sorted(self.found, key=lambda one: (one["offset"], -one["length"]))
        return "".join(self.out), ordered

    def _step(self, at: int) -> int:
        head = self.source[at : at + 1]
        if head == b"<":
            return self._end(at) if self.source[at + 1 : at + 2] == b"/" else self._start(at)
        if head == b"&":
            letter, end = reference(self.source, at)
            if letter is None:
                raise broken(f'Unescaped "&" at byte offset {at}')
            self._add(letter)
            return end
        if head == b">":
            raise broken(f'Unescaped ">" at byte offset {at}')
        end = next(
            (i for i in range(at, len(self.source)) if self.source[i] in b"<>&"), len(self.source)
        )
        self._add(self.source[at:end].decode("utf-8"))
        return end

    def _add(self, text: str) -> None:
        self.out.append(text)
        self.offset += units(text)

    def _start(self, begin: int) -> int:
        match = NAME.match(self.source, begin + 1)
        assert match is not None
        tag, at = match.group().decode("utf-8").lower(), match.end()
        if at >= len(self.source):
            raise broken(f"Unclosed start tag at byte offset {begin}")
        if tag not in KINDS:
            raise broken(f'Unsupported start tag "{tag}" at byte offset {begin}')
        argument = ""
        while self.source[at : at + 1] != b">":
            while self.source[at : at + 1] and self.source[at] in SPACE:
                at += 1
            if self.source[at : at + 1] == b">":
                break
            name, value, at = self._attribute(tag, begin, at)
            argument = wanted(tag, name, value) or argument
        if tag == "span" and argument != "spoiler":
            raise broken(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.stack.append(Open(tag, argument, self.offset, len(self.out)))
        return at + 1

    def _attribute(self, tag: str, begin: int, at: int) -> tuple[str, str, int]:
        match = ATTRIBUTE.match(self.source, at)
        assert match is not None
        name, at = match.group(1).decode("utf-8"), match.end()
        if not name:
            if at >= len(self.source):
                raise broken(f"Unclosed start tag at byte offset {begin}")
            raise broken(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        if self.source[at : at + 1] != b"=":
            if tag == "blockquote" and name == "expandable":
                return name, "1", at
            raise broken(
                "Expected equal sign in declaration of an attribute of the tag "
                f'"{tag}" at byte offset {begin}'
            )
        at += 1
        while self.source[at : at + 1] and self.source[at] in SPACE:
            at += 1
        if at >= len(self.source):
            raise broken(f'Unclosed start tag "{tag}" at byte offset {begin}')
        value, at = self._value(at)
        if at >= len(self.source):
            raise broken(f"Unclosed start tag at byte offset {begin}")
        return name, value, at

    def _value(self, at: int) -> tuple[str, int]:
        quote = self.source[at : at + 1]
        if quote not in (b'"', b"'"):
            match = TOKEN.match(self.source, at)
            assert match is not None
            after = self.source[match.end() : match.end() + 1]
            if after and after != b">" and after not in SPACE:
                raise broken(f"Unexpected end of name token at byte offset {at}")
            return match.group().decode("ascii").lower(), match.end()
        at, value = at + 1, b""
        while at < len(self.source) and self.source[at : at + 1] != quote:
            letter, end = reference(self.source, at)
            value += self.source[at : at + 1] if letter is None else letter.encode("utf-8")
            at = end if letter is not None else at + 1
        return value.decode("utf-8"), at + 1

    def _end(self, begin: int) -> int:
        if not self.stack:
            raise broken(f"Unexpected end tag at byte offset {begin}")
        match = NAME.match(self.source, begin + 2)
        assert match is not None
        name, at = match.group().decode("utf-8").lower(), match.end()
        while self.source[at : at + 1] and self.source[at] in SPACE:
            at += 1
        if self.source[at : at + 1] != b">":
            raise broken(f"Unclosed end tag at byte offset {begin}")
        last = self.stack[-1]
        if name and name != last.tag:
            raise broken(
                f'Unmatched end tag at byte offset {begin}, expected "</{last.tag}>", '
                f'found "</{name}>"'
            )
        self.stack.pop()
        if self.offset > last.offset:
            self._close(last)
        return at + 1

    def _close(self, last: Open) -> None:
        one: Entity = {
            "type": KINDS[last.tag],
            "offset": last.offset,
            "length": self.offset - last.offset,
        }
        if last.tag == "a":
            url = last.argument or "".join(self.out[last.begin :])
            if not re.match(r"(?:https?|tg|mailto|tel)://?|[\w-]+(?:\.[\w-]+)+|mailto:|tel:", url):
                return  # the real server keeps the text and drops a link to nowhere
            one["url"] = url
        elif last.tag == "tg-emoji":
            if not last.argument.isdigit() or int(last.argument) == 0:
                raise broken("Invalid custom emoji identifier specified")
            one["custom_emoji_id"] = last.argument
        elif last.tag == "blockquote" and last.argument:
            one["type"] = "expandable_blockquote"
        elif last.tag == "code" and last.argument:
            if self.stack and self.stack[-1].tag == "pre":
                self.stack[-1].argument = last.argument
                return
        elif last.tag == "pre" and last.argument:
            one["language"] = last.argument
        self.found.append(one)


def wanted(tag: str, name: str, value: str) -> str:
    """What of an attribute the tag keeps; empty when nothing."""
    if (tag, name) in {("a", "href"), ("tg-emoji", "emoji-id"), ("blockquote", "expandable")}:
        return value
    if (tag, name) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, name) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return ""


def reference(source: bytes, at: int) -> tuple[str | None, int]:
    """The character that a reference such as `&lt;` stands for, and where it ends."""
    match = REFERENCE.match(source, at)
    if match is None:
        return None, at
    if match[3]:
        return NAMED[match[3]], match.end()
    code = int(match[1]) if match[1] else int(match[2], 16)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None, at
    return chr(code), match.end()


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text that is shown and its entities; raises the refusal of text that is not HTML."""
    return Reader(source.encode("utf-8")).read()


def spotted(text: str) -> list[Entity]:
    """The entities that Telegram finds by itself: commands, addresses, names of users."""
    found: list[Entity] = []
    for kind, pattern in (("bot_command", COMMAND), ("url", URL), ("mention", MENTION)):
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match.group())
            if not any(one["offset"] < offset + length and offset < end(one) for one in found):
                found.append({"type": kind, "offset": offset, "length": length})
    return sorted(found, key=lambda one: one["offset"])


def end(one: Entity) -> int:
    """Where an entity ends."""
    return int(one["offset"]) + int(one["length"])


def to_html(text: str, entities: list[Entity]) -> str:
    """The text with its entities as HTML again; commands and bare addresses stay as they are."""
    marked = [one for one in entities if one["type"] in TAGS or one["type"] == "text_link"]
    marked.sort(key=lambda one: (one["offset"], -one["length"]))
    out: list[str] = []
    open_now: list[Entity] = []
    at = 0
    for letter in [*text, ""]:
        while open_now and end(open_now[-1]) <= at:
            out.append(f"</{'a' if 'url' in open_now[-1] else TAGS[open_now[-1]['type']]}>")
            open_now.pop()
        while letter and marked and marked[0]["offset"] <= at:
            one = marked.pop(0)
            link = f'a href="{stdlib_html.escape(one["url"])}"' if "url" in one else ""
            out.append(f"<{link or TAGS[one['type']]}>")
            open_now.append(one)
        out.append(stdlib_html.escape(letter, quote=False))
        at += units(letter)
    return "".join(out)
