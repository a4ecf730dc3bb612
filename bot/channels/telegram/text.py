"""Words as Telegram takes them: in pieces that fit, escaped, and never cut inside a word."""

import html

#: Characters of one message and of one caption, counted in UTF-16 units after the entities.
MOST, MOST_CAPTION = 4096, 1024
_CUTS = ("\n\n", "\n", ". ", "; ", ", ", " ")


def pieces(text: str, most: int = MOST) -> list[str]:
    """Cuts a text at a paragraph, else at a line, a sentence or a word; most pieces are one.

    Empty pieces are never made; a text of nothing but blanks gives none.
    """
    rest, made = text.strip(), []
    while units(rest) > most:
        head = _head(rest, most)
        made.append(head.rstrip())
        rest = rest[len(head) :].lstrip()
    return [*made, rest] if rest else made


def escaped(text: str) -> str:
    """The text as HTML that shows exactly itself."""
    return html.escape(text, quote=False)


def units(text: str) -> int:
    """How long Telegram finds a text, in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def _head(text: str, most: int) -> str:
    end = _fitting(text, most)
    for cut in _CUTS:
        at = text.rfind(cut, end // 2, end)
        if at > 0:
            return text[: at + len(cut)]
    return text[:end]


def _fitting(text: str, most: int) -> int:
    """How many characters from the front fit; a surrogate pair is never cut."""
    length = 0
    for n, letter in enumerate(text):
        length += 2 if ord(letter) > 0xFFFF else 1
        if length > most:
            return n
    return len(text)
