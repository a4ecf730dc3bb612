"""A line or a photo with no question open: never guessed, and what belongs together is one."""

from dataclasses import replace
from datetime import timedelta

from bot.converse import Talk
from handlers import navigation
from handlers.fields import LIMIT
from handlers.form import Said
from handlers.say import Say
from procedure.codec import dump, load
from procedure.facts import FileRef
from storage import chats

#: Photos and lines of one person this close are one answer (conduct §1).
ONE_ANSWER = timedelta(seconds=90)
OFFER = "answers#never_guessed"


def take(talk: Talk, said: Said) -> None:
    """A photo of somebody with nothing open is a new report; all else is asked, not guessed."""
    said = _joined(talk, said)
    desk = talk.stage.desk(talk.person, None, {})
    length = len(said.text.strip())
    if not length and not said.files:
        talk.say(Say(template="answers#empty_line"))
    elif length > LIMIT:
        talk.say(Say(template="answers#long_line", facts={"length": length, "most": LIMIT}))
    elif said.files and not navigation.seen_incidents(desk):
        chats.supersede(talk.stage.session, talk.chat_id, navigation.OFFER_ABOUT)
        files = [dump(one) for one in said.files]
        talk.open("report_incident", None, {"line": said.text, "files": files})
    else:
        talk.say(navigation.offer(desk, said))


def _joined(talk: Talk, said: Said) -> Said:
    """What was just said, together with the loose line or photo shortly before it."""
    rows = chats.open_prompts(talk.stage.session, talk.chat_id)
    last = next((row for row in rows if row.template == OFFER), None)
    if last is None or said.at - last.created_at > ONE_ANSWER:
        return said
    before = chats.choices_of(last)[0]["do"]["args"]
    files = tuple(load(FileRef, one) for one in before.get("files", ()))
    lines = (str(before.get("line", "")), said.text)
    text = "\n".join(line for line in lines if line.strip())
    return replace(said, text=text, files=files + said.files)
