"""A message that its author has changed afterwards on his messenger."""

import contextlib
from dataclasses import replace

from bot.converse import Talk
from bot.kept import kept_form, said_in
from handlers import catalogue, navigation
from handlers.form import BadAnswer, Said
from handlers.say import Say
from procedure.codec import load
from procedure.facts import FileRef
from storage import chats, drafts
from storage.tables import MessageRow


def edited(talk: Talk, line: MessageRow, text: str) -> None:
    """Takes the new words where the old ones still wait; what is on record stays as it was.

    An answer of the form now open is read again, and so is a loose line that nobody has placed
    yet. For all else he is told how to put the new words on record.
    """
    before = line.text
    if text.strip() == before.strip() or line.sender != chats.PERSON:
        return
    line.text = text
    talk.stage.session.add(line)
    if not (_in_form(talk, line, before, text) or _loose(talk, before, text)):
        line.text = before
        talk.say(Say(template="answers#edited_after", facts={"before": before[:80]}))


def _in_form(talk: Talk, line: MessageRow, before: str, text: str) -> bool:
    draft = drafts.current(talk.stage.session, talk.chat_id)
    if draft is None:
        return False
    answers, form = said_in(draft), catalogue.form(draft.form)
    fitting = [
        name
        for name, said in answers.items()
        if said.text.strip() == before.strip() and said.at == line.created_at
    ]
    if len(fitting) != 1:
        return False
    name, given = fitting[0], answers[fitting[0]]
    changed = {**answers, name: replace(given, text=text)}
    draft = drafts.save(talk.stage.session, draft, kept_form(changed), talk.stage.now)
    if form.each:
        with contextlib.suppress(BadAnswer):
            talk.commit_one(form, draft, changed, name, talk.desk(draft))
    talk.ask(draft)
    return True


def _loose(talk: Talk, before: str, text: str) -> bool:
    rows = chats.open_prompts(talk.stage.session, talk.chat_id)
    last = next((row for row in rows if row.about == navigation.OFFER_ABOUT), None)
    if last is None:
        return False
    args = chats.choices_of(last)[0]["do"].get("args", {})
    if before.strip() not in str(args.get("line", "")):
        return False
    files = tuple(load(FileRef, one) for one in args.get("files", ()))
    line = str(args["line"]).replace(before.strip(), text.strip())
    said = Said(text=line, at=talk.stage.now, files=files)
    talk.say(navigation.offer(talk.stage.desk(talk.person, None, {}), said))
    return True
