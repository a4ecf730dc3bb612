"""One update, one transaction: person, draft, rules, journal, outbox, inbox mark (design.md §3)."""

import json
from typing import Any

import structlog

from bot import loose, office, receipts, rooms_heard, trace, updates
from bot.aside import tried
from bot.converse import Talk
from bot.stage import Stage
from bot.world import World
from handlers import catalogue, navigation, views
from handlers.form import Said
from handlers.notices import file_facts
from handlers.reading.intents import Intent, command, command_rest, intent, is_label
from handlers.say import Say
from procedure.actions import ACTIONS
from procedure.codec import canonical, load
from procedure.errors import Outdated, Refused
from storage import chats, drafts, inbox, outbox, prompts
from storage.accounts import STRANGER
from storage.away import is_away
from storage.database import InARow, News, Session
from storage.inbox import Waiting
from storage.lines import AnyLine, Line
from storage.prepared import undone_if_refused
from storage.tables import MessageRow

log = structlog.get_logger()
LONGEST_LABEL = 200
#: Updates that are handled in a row; what comes in a row shares a commit.
AT_A_TIME = 32
#: Typed words never approve, direct or conclude (domain.md finding 9).
BY_BUTTON_ONLY = frozenset(
    {"ApproveStatement", "AgreeStatement", "ConfirmConclusion", "ConfirmDirection"}
)


class Batch:
    """Updates that wait, the oldest first, up to `most`: `row` handles them one after the other.

    What goes wrong without being a refusal is logged, tried again up to three times, then set
    aside; the person gets one calm sentence, and nothing of the update is lost. That nothing can
    be written just now is no try: it is raised, and the update waits.
    """

    def __init__(self, world: World, most: int) -> None:
        self.row = InARow(self._one, most, News.REST)
        self._world = world
        self._hand = trace.Hand()

    def take(self) -> tuple[int, bool]:
        """Handles them; returns how many, and whether it is certain that none waits any more."""
        try:
            made, ended = self._world.db.write_each(self.row)
        except Exception as error:
            hand = self._hand
            if self._world.strict or is_away(error) or hand.update is None:
                raise
            with hand.holds(hand.update):
                tried(self._world, hand.update)
            return 1, False
        for one, queued in made:
            trace.turned(one, queued)
        return len(made), ended

    def _one(self, session: Session) -> tuple[trace.Hand, list[int]] | None:
        self._hand = hand = trace.Hand()
        queued = _next(self._world, session, hand)
        return None if hand.update is None else (hand, queued)


def _next(world: World, session: Session, hand: trace.Hand) -> list[int]:
    """Returns the prompts that were queued; nothing is in hand when other replicas have it all."""
    row = inbox.next_new(session, world.now())
    hand.update = None
    if row is None:
        return []
    hand.channel = row.channel
    with hand.holds(row.id or 0):
        return _handle(world, session, row)


def _handle(world: World, session: Session, row: Waiting) -> list[int]:
    """Returns the prompts that were queued."""
    stage = Stage(world, session, world.now(), row.channel)
    parts = inbox.album_of(session, row)
    bodies = [json.loads(part.body) for part in parts]
    if "room" in bodies[0]:
        rooms_heard.handle(stage, parts, bodies)
    else:
        chat = chats.chat_of(session, row.channel, row.lane, row.person)
        stage.chat = chat
        updates.handle(Turn(Talk(stage, chat)), parts)
    for part in parts:
        inbox.done(session, part, stage.now)
    return outbox.enqueued(session)


class Turn:
    """What one message or one tap does."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.stage = talk.stage

    @property
    def session(self) -> Session:
        """The running transaction."""
        return self.stage.session

    # Taps

    def tapped(self, prompt: int, n: int) -> None:
        """A button: answered once; one that has moved on gets one sentence and no effect."""
        row = self.session.get(MessageRow, prompt)
        if row is None or row.chat != self.talk.chat_id:
            self.talk.say(Say(template="refusals#answer_outdated"))
            return
        if n in chats.taken_of(row):
            return
        if row.answered is not None or row.superseded:
            if row.answered != n:
                self._late(row)
            return
        options = chats.choices_of(row)
        if not 1 <= n <= len(options):
            self.talk.say(Say(template="refusals#answer_outdated", stream=row.stream))
            return
        self._press(row, n, options[n - 1])

    def _late(self, row: MessageRow) -> None:
        """One sentence; when the incident lies in another file now, the way there."""
        moved = self.stage.incident(row.stream).yielded if row.stream else None
        refusal = Outdated("answer_outdated")
        if moved:
            refusal = Outdated("merged_into", into=moved.into, code=moved.code)
        self.talk.refuse(refusal, None)

    def _press(self, line: AnyLine, n: int, pressed: dict[str, Any]) -> None:
        do, row = pressed["do"], chats.message(self.session, line.id)
        try:
            with undone_if_refused(self.session):
                if not do.get("keep"):
                    chats.answered_by(self.session, row, n)
                receipts.give(self.stage, self.talk.person, row, do)
                self.does(do)
                receipts.keep_the_rest(self.stage, row, n, do)
                if row.answered is not None:
                    prompts.settle_copies(self.session, row)
        except Outdated as refusal:
            row.answered, row.superseded = None, True
            self.session.add(row)
            self.talk.refuse(refusal, row.stream)
        except Refused as refusal:
            row.answered = None
            self.session.add(row)
            self.talk.refuse(refusal, row.stream)

    def does(self, do: dict[str, Any]) -> None:
        """What a button carries, done in this chat. Raises Refused."""
        stream = do.get("stream")
        if "open" in do:
            self.talk.open(do["open"], stream, do.get("args", {}))
        elif "act" in do:
            self._act(do)
        elif "view" in do:
            self._show(do["view"], stream, do.get("args", {}))
        elif "answer" in do:
            self.talk.option(do["answer"], do["field"], do.get("option"), do.get("said"))
        elif "move" in do:
            self.talk.moved(do["draft"], do["move"], do.get("field"))
        else:
            office.act(self.talk, do)

    def _act(self, do: dict[str, Any]) -> None:
        action = load(ACTIONS[do["act"]], do["data"])
        stream = self.stage.perform(do["stream"], self.talk.person, action)
        desk = self.stage.desk(self.talk.person, stream, do["data"])
        for answer in catalogue.after_act(action, desk):
            self.talk.say(answer)

    def _show(self, name: str, stream: str | None, args: dict[str, Any]) -> None:
        for answer in views.show(name, self.stage.desk(self.talk.person, stream, args)):
            self.talk.say(answer)

    def thumbed(self, row: MessageRow) -> None:
        """👍 on a message is the receipt that it waits for, and nothing more."""
        if row.chat != self.talk.chat_id or row.answered is not None or row.superseded:
            return
        for n, one in chats.open_choices(row):
            if one.get("word") == Intent.RECEIPT.value:
                self._press(row, n, one)
                return
        receipts.give(self.stage, self.talk.person, row, {})

    # Words and files

    def wrote(self, said: Said, reply_to: int | None) -> int:
        """A line, photos, a command, a number, or an answer to the standing question.

        Returns the number of the line in which it stands in the chat.
        """
        files = [file_facts(one) for one in said.files]
        line = chats.said(
            self.session,
            self.talk.chat,
            said.text,
            at=self.stage.now,
            files=files,
            reply_to=reply_to,
            reached=self.talk.person != STRANGER,
        )
        try:
            with undone_if_refused(self.session):
                self._read(said, reply_to)
        except Refused as refusal:
            current = drafts.current(self.session, self.talk.chat_id)
            self.talk.refuse(refusal, current.stream if current else None)
        return line

    def _read(self, said: Said, reply_to: int | None) -> None:
        name = command(said.text, self.stage.world.words.intents) if not said.files else None
        slash = said.text.strip().startswith("/")
        if name and (slash or not self._would_answer(said)):
            # The words of a button that stands there are that button, though a command too.
            if slash or not self._label(said):
                self._command(name, command_rest(said.text))
            return
        if reply_to is not None and said.text.strip() == office.STOP_SIGN:
            office.erase(self.talk, reply_to)
            return
        if reply_to is not None and self._replied(said, reply_to):
            return
        draft = drafts.current(self.session, self.talk.chat_id)
        if draft:
            self._into_draft(draft, said)
        elif not (self._numbered(said) or self._label(said) or self._word(said)):
            loose.take(self.talk, said)

    def _would_answer(self, said: Said) -> bool:
        """A command word without its slash is an answer while a question stands open."""
        return drafts.current(self.session, self.talk.chat_id) is not None

    def _command(self, name: str, rest: str) -> None:
        if name == "huy":
            draft = drafts.current(self.session, self.talk.chat_id)
            if draft:
                self.talk.cancel(draft)
            else:
                self.talk.say(Say(template="answers#nothing_to_cancel"))
            return
        target = catalogue.COMMANDS[name]
        if name == "dientap" and rest:
            office.ask_to_report(self.talk, rest)
        elif target.form:
            self.talk.open(target.form, None, target.args)
        else:
            self._show(target.view or "help", None, {"words": rest})

    def _into_draft(self, draft: drafts.Draft, said: Said) -> None:
        if self._picks(draft, said):
            return
        meant = intent(said.text, self.stage.world.words.intents) if not said.files else None
        if meant is Intent.RECEIPT and self._elsewhere(draft, said):
            return
        if meant is Intent.CANCEL:
            self.talk.cancel(draft)
        elif meant is Intent.BACK:
            self.talk.move(draft, "back", None)
        elif meant is Intent.SKIP:
            self.talk.move(draft, "skip", None)
        elif self._belongs_to_line(draft, said):
            self.talk.extend_line(draft, "line", said)
        else:
            self.talk.answer(draft, said)

    def _belongs_to_line(self, draft: drafts.Draft, said: Said) -> bool:
        """Photos of one person within 90 s are one answer (conduct §1)."""
        line = draft.answers.get("line")
        if draft.form != "report_incident" or line is None or not said.files:
            return False
        touched = draft.touched_at
        return touched is not None and said.at - touched <= loose.ONE_ANSWER

    def _picks(self, draft: drafts.Draft, said: Said) -> bool:
        """A number, or a button's words typed, picks that choice of the form's own prompt."""
        mine = f"draft:{draft.id}"
        rows = chats.open_prompts(self.session, self.talk.chat_id)
        row = next((one for one in rows if one.about == mine), None)
        typed = said.text.strip()
        if row is None or said.files or not typed or len(typed) > LONGEST_LABEL:
            return False
        options = dict(chats.open_choices(row))
        if typed.isdecimal():
            found = [n for n, one in options.items() if n == int(typed) and not one.get("quiet")]
        else:
            found = [n for n, one in options.items() if self._says(row, one, typed)]
        if len(found) != 1:
            return False
        self._press(row, found[0], options[found[0]])
        return True

    def _elsewhere(self, draft: drafts.Draft, said: Said) -> bool:
        """A receipt typed while a form is open is for the ring that waits for one."""
        rows = [
            row
            for row in chats.open_prompts(self.session, self.talk.chat_id)
            if row.about != f"draft:{draft.id}" and self._number_meant(row, said) is not None
        ]
        return bool(rows) and self._only_open(said)

    def _replied(self, said: Said, reply_to: int) -> bool:
        row = self.session.get(MessageRow, reply_to)
        if (
            row is None
            or row.chat != self.talk.chat_id
            or row.answered is not None
            or row.superseded
        ):
            return False
        n = self._number_meant(row, said)
        if n is None:
            return False
        self._press(row, n, chats.choices_of(row)[n - 1])
        return True

    def _number_meant(self, row: AnyLine, said: Said) -> int | None:
        options = dict(chats.open_choices(row))
        typed = said.text.strip()
        if typed.isdecimal() and int(typed) in options:
            return int(typed)
        meant = intent(said.text, self.stage.world.words.intents)
        found = [n for n, one in options.items() if meant and one.get("word") == meant.value]
        return found[0] if len(found) == 1 else None

    def _numbered(self, said: Said) -> bool:
        """A number with no form open answers the only open prompt, else it is asked which."""
        return said.text.strip().isdigit() and self._only_open(said)

    def _word(self, said: Said) -> bool:
        """ "da nhan", "xong roi": the button of the only open ring (conduct §5)."""
        meant = intent(said.text, self.stage.world.words.intents)
        return meant in (Intent.RECEIPT, Intent.IN_PROGRESS, Intent.DONE) and self._only_open(said)

    def _label(self, said: Said) -> bool:
        """The words of a button, typed, are a tap on it; approvals want the button itself."""
        wanted = said.text.strip()
        if said.files or not wanted or len(wanted) > LONGEST_LABEL:
            return False
        fitting = [
            (row, n, one)
            for row in chats.open_prompts(self.session, self.talk.chat_id)
            for n, one in chats.open_choices(row)
            if one["do"].get("act") not in BY_BUTTON_ONLY and self._says(row, one, wanted)
        ]
        # The work stands under its notice and in his list: the newest of what does the same.
        if len({canonical(one["do"]) for _, _, one in fitting}) != 1:
            return False
        self._press(*fitting[0])
        return True

    def _says(self, row: Line, option: dict[str, Any], typed: str) -> bool:
        scene = self.stage.scene(row.person, row.stream)
        label = self.stage.world.renderer.label(option["label"], option.get("facts", {}), scene)
        return is_label(typed, label, self.stage.world.words.intents)

    def _only_open(self, said: Said) -> bool:
        rows = chats.open_prompts(self.session, self.talk.chat_id)
        fitting = [row for row in rows if self._number_meant(row, said) is not None]
        if len(fitting) == 1:
            n = self._number_meant(fitting[0], said)
            assert n is not None
            self._press(fitting[0], n, chats.choices_of(fitting[0])[n - 1])
            return True
        if len(fitting) > 1:
            self.talk.say(navigation.which_prompt(fitting))
            return True
        meant = intent(said.text, self.stage.world.words.intents)
        # A receipt when nothing waits is thanked by silence (manners 12).
        return meant is Intent.RECEIPT


def turn_all(world: World, most: int = 1000, first: Batch | None = None) -> int:
    """Handles what waits, up to `most` updates, `first` what is in hand. Returns how many."""
    done, ended = 0, False
    while done < most and not ended:
        taken, ended = (first or Batch(world, most - done)).take()
        first, done = None, done + taken
    return done
