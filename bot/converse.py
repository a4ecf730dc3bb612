"""Runs forms on drafts: asks, reads, previews, finishes (design.md §2f)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot import staff
from bot.kept import facts_of, first_kept, kept_form, plain, said_from, said_in
from bot.stage import Stage
from handlers import catalogue, navigation, permits
from handlers.form import (
    Ask,
    BadAnswer,
    Form,
    Next,
    Preview,
    Said,
    answered,
    last_answered,
    standing,
    without,
)
from handlers.look import Desk
from handlers.say import Choice, Say, choice, opens
from procedure import actions as a
from procedure.codec import dump
from procedure.errors import Outdated, Refused
from storage import chats, drafts
from storage.drafts import Draft
from storage.prepared import undone_if_refused
from storage.tables import ChatRow


@dataclass
class Talk:
    """One chat in one turn."""

    stage: Stage
    chat: ChatRow
    #: The draft that was refused, so that its refusal can offer to end it.
    blocked: Draft | None = None

    @property
    def person(self) -> int:
        """Whose chat it is."""
        return self.chat.person

    @property
    def chat_id(self) -> int:
        """The chat's id."""
        assert self.chat.id is not None
        return self.chat.id

    def say(self, words: Say, draft: Draft | None = None) -> None:
        """Answers in this chat, by a `draft` that is open."""
        drill = bool(draft and draft.args.get("drill"))
        drill = drill or bool(words.stream and self.stage.incident(words.stream).drill)
        self.stage.say(self.chat, words, drill=drill)

    # Opening and resuming

    def open(self, name: str, stream: str | None, args: Mapping[str, Any]) -> None:
        """Starts a form, or goes on with the one already begun on the same subject."""
        form = catalogue.form(name)
        if form.about_incident and stream is None:
            found = navigation.which_incident(self.stage.desk(self.person, None, args), name)
            if isinstance(found, Say):
                self.say(found)
                return
            stream = found
        desk = self.stage.desk(self.person, stream, args)
        permits.in_this_file(desk)
        if form.permit:
            form.permit(desk)
        if form.pin:
            args = {**args, **form.pin(desk)}
            desk = self.stage.desk(self.person, stream, args)
        draft = drafts.start(
            self.stage.session,
            chat=self.chat_id,
            person=self.person,
            form=name,
            stream=stream,
            args=args,
            at=self.stage.now,
        )
        if not draft.answers:
            given = self._first_answers(form, desk)
            if given:
                draft = drafts.save(self.stage.session, draft, given, self.stage.now)
        self._go_on(form, draft, standing(form, said_in(draft), desk))

    def _first_answers(self, form: Form, desk: Desk) -> dict[str, dict[str, Any]]:
        first = dict(form.prefill(desk)) if form.prefill else {}
        for name, template in form.written.items():
            first[name] = self.stage.write(template, self.person, desk.case.stream) or None
        return first_kept(first, self.stage.now, desk.args.get("files"))

    def resume(self) -> None:
        """Brings back the newest parked draft and repeats its question, when there is one."""
        parked = drafts.parked(self.stage.session, self.chat_id)
        draft = parked and drafts.resume(self.stage.session, parked[0].id, self.stage.now)
        if not draft:
            return
        try:
            with self._blocking(draft):
                self._permit(draft)
                self.ask(draft, resumed=True)
        except Refused as refusal:
            self.refuse(refusal, draft.stream)

    @contextmanager
    def _blocking(self, draft: Draft) -> Iterator[None]:
        try:
            yield
        except Refused:
            self.blocked = draft
            raise

    def _permit(self, draft: Draft) -> None:
        """A form that has become impossible since it was begun says so; it is kept."""
        permit, desk = catalogue.form(draft.form).permit, self.desk(draft)
        permits.in_this_file(desk)
        if permit:
            permit(desk)

    def refuse(self, refusal: Refused, stream: str | None) -> None:
        """One sentence, the way on, and for a form that cannot go on the way out."""
        self.stage.forget()
        draft, self.blocked = self.blocked, None
        self.say(
            Say(
                template=f"refusals#{refusal.key}",
                facts={"who": None, **refusal.facts},
                choices=navigation.way_on(refusal, stream, draft.id if draft else None),
                stream=stream,
            )
        )

    # Asking

    def desk(self, draft: Draft) -> Desk:
        """The desk of a draft."""
        return self.stage.desk(self.person, draft.stream, draft.args)

    def ask(
        self,
        draft: Draft,
        now: Next | None = None,
        *,
        resumed: bool = False,
        note: BadAnswer | None = None,
        kept: Said | None = None,
    ) -> None:
        """Puts the standing question, or reads the whole back.

        A `note` stands before it; `kept` is an answer that the question had before.
        """
        form, desk = catalogue.form(draft.form), self.desk(draft)
        now = now or standing(form, said_in(draft), desk)
        facts = {**facts_of(form, draft, now), "resumed": resumed}
        if isinstance(now, Ask):
            facts |= now.field.facts(desk, now.values)
        note = note or (now.problem if isinstance(now, Ask) else None)
        facts["problem"] = {"key": note.key, **dump(dict(note.facts))} if note else None
        if isinstance(now, Preview):
            name = "preview"
            buttons: Sequence[Choice] = navigation.preview_buttons(form, draft.id)
        else:
            name, buttons = now.field.name, self._buttons(form, now, draft, desk, kept)
        self.say(
            Say(
                template=f"forms/{form.name}#{name}",
                facts=facts,
                choices=buttons,
                stream=draft.stream,
                about=f"draft:{draft.id}",
            ),
            draft,
        )

    def _buttons(
        self, form: Form, ask: Ask, draft: Draft, desk: Desk, kept: Said | None
    ) -> Sequence[Choice]:
        options = ask.problem.options if ask.problem else ()
        options = options or tuple(ask.field.options(desk, ask.values))
        before = plain(kept) if kept else None
        return navigation.question_buttons(form, ask.field, options, draft.id, before)

    # Answering

    def answer(self, draft: Draft, said: Said) -> None:
        """An answer to the standing question of the current draft."""
        with self._blocking(draft):
            self._permit(draft)
            form, desk = catalogue.form(draft.form), self.desk(draft)
            now = standing(form, said_in(draft), desk)
            takes = isinstance(now, Ask) and now.field.files
            note = self._keep_files(draft, said) if said.files and not takes else None
            if note:
                said = replace(said, files=())
            if note and not said.text.strip():
                self.ask(draft, now, note=note)
            elif isinstance(now, Preview):
                self.ask(draft, now, note=BadAnswer("press_a_button"))
            else:
                self._put(form, draft, said, desk, note)

    def _put(
        self, form: Form, draft: Draft, said: Said, desk: Desk, note: BadAnswer | None
    ) -> None:
        answers, now, name = answered(form, said_in(draft), said, desk)
        if name is None:
            self.ask(draft, now)
            return
        chats.answered_in_words(self.stage.session, self.chat_id, f"draft:{draft.id}")
        draft = drafts.save(self.stage.session, draft, kept_form(answers), self.stage.now)
        if form.each:
            self.commit_one(form, draft, answers, name, desk)
            now = standing(form, answers, self.desk(draft))
        self._go_on(form, draft, now, note)

    def _keep_files(self, draft: Draft, said: Said) -> BadAnswer:
        """Photos sent to a question of words go into the incident's file."""
        if draft.stream is None:
            return BadAnswer("words_wanted")
        action = a.AmendReport(item="files", files=said.files)
        try:
            with undone_if_refused(self.stage.session):
                self.stage.perform(draft.stream, self.person, action)
        except Refused:
            return BadAnswer("words_wanted")
        return BadAnswer("photos_kept", photos=len(said.files))

    def commit_one(
        self, form: Form, draft: Draft, answers: Mapping[str, Said], name: str, desk: Desk
    ) -> None:
        """Puts one answer of a form that commits each as it comes to the rules."""
        given = answers[name]
        field = form.field(name)
        if given.skipped or field is None or form.each is None:
            return
        for action in form.each(desk, name, field.read(given, desk, {})):
            self.stage.perform(draft.stream, self.person, action)

    def _go_on(self, form: Form, draft: Draft, now: Next, note: BadAnswer | None = None) -> None:
        if isinstance(now, Ask) or form.preview:
            self.ask(draft, now, note=note)
        else:
            self.finish(form, draft, now)

    def extend_line(self, draft: Draft, name: str, said: Said) -> None:
        """Adds a photo that belongs to an answer just given (conduct §1)."""
        before = said_in(draft)
        first = before[name]
        text = "\n".join(part for part in (first.text, said.text) if part.strip())
        files = first.files + tuple(one for one in said.files if one not in first.files)
        joined = kept_form({**before, name: Said(text=text, at=first.at, files=files)})
        draft = drafts.save(self.stage.session, draft, joined, self.stage.now)
        self.ask(draft)

    # Moving

    def move(self, draft: Draft, move: str, field: str | None) -> None:
        """Back, edit, skip, cancel, resume, send."""
        if move == "cancel":
            self.cancel(draft)
        elif move == "stop":
            self._stop(draft)
        elif move == "park":
            self._park(draft)
        elif move == "afresh":
            self._afresh(draft)
        else:
            with self._blocking(draft):
                self._permit(draft)
                self._move(draft, move, field)

    def _stop(self, draft: Draft) -> None:
        """No more questions; each answer was kept when it came, the rest may come any time."""
        self._end(draft)
        again = choice("add_details", opens(draft.form, draft.stream))
        self.say(Say(template="answers#stopped", choices=[again], stream=draft.stream))

    def _afresh(self, draft: Draft) -> None:
        """Begins the form anew on what is true now."""
        self._end(draft)
        self.open(draft.form, draft.stream, {})

    def _park(self, draft: Draft) -> None:
        drafts.park(self.stage.session, self.chat_id)
        parked = Say(template="answers#parked", facts={"form": draft.form}, stream=draft.stream)
        self.say(parked, draft)

    def _move(self, draft: Draft, move: str, field: str | None) -> None:
        form = catalogue.form(draft.form)
        if move == "resume":
            found = drafts.resume(self.stage.session, draft.id, self.stage.now)
            if found:
                self.ask(found)
        elif move == "skip":
            self.answer(draft, Said(at=self.stage.now, skipped=True))
        elif move == "back":
            name = last_answered(form, said_in(draft), self.desk(draft))
            self._drop(form, draft, name)
        elif move == "edit" and field is None:
            self.say(
                navigation.edit_menu(
                    form, draft.id, standing(form, said_in(draft), self.desk(draft)), draft.stream
                )
            )
        elif move == "edit":
            self._drop(form, draft, field)
        elif move == "send":
            self._send(form, draft)

    def _drop(self, form: Form, draft: Draft, name: str | None) -> None:
        answers = said_in(draft)
        kept = answers.get(name) if name is not None else None
        if name is not None and kept is not None:
            answers = without(form, answers, name, self.desk(draft))
        draft = drafts.save(self.stage.session, draft, kept_form(answers), self.stage.now)
        shown = kept.text.strip() if kept and not kept.skipped else ""
        self.ask(draft, note=BadAnswer("was", words=shown) if shown else None, kept=kept)

    def _send(self, form: Form, draft: Draft) -> None:
        now = standing(form, said_in(draft), self.desk(draft))
        if isinstance(now, Ask):
            self.ask(draft, now)
        else:
            self.finish(form, draft, now)

    def finish(self, form: Form, draft: Draft, now: Preview) -> None:
        """Puts the form's actions to the rules, says what came of it and what comes next."""
        desk = self.desk(draft)
        stream = (form.where and form.where(desk, now.values)) or draft.stream
        for action in (actions := form.finish(desk, now.values)):
            stream = staff.perform(self.stage, stream, self.person, action)
        self._end(draft)
        desk = self.stage.desk(self.person, stream, draft.args)
        onward = form.onward(desk, now.values) if form.onward else None
        if actions or not onward:
            self._finished(form, draft, now, desk)
        if onward:
            self.open(onward["open"], onward["stream"], onward["args"])
        else:
            self.resume()

    def _finished(self, form: Form, draft: Draft, now: Preview, desk: Desk) -> None:
        """What came of it; a form that only led on to another one says nothing."""
        following: list[Choice] = list(form.after(desk)) if form.after else []
        self.say(
            Say(
                template=f"forms/{form.name}#finished",
                facts=facts_of(form, draft, now),
                choices=following,
                stream=desk.incident.stream if desk.incident else None,
            )
        )

    def cancel(self, draft: Draft) -> None:
        """Ends the draft; what was sent before stays."""
        self._end(draft)
        cancelled = Say(
            template="answers#cancelled", facts={"form": draft.form}, stream=draft.stream
        )
        self.say(cancelled, draft)
        self.resume()

    def _end(self, draft: Draft) -> None:
        drafts.drop(self.stage.session, draft.id)
        chats.supersede(self.stage.session, self.chat_id, f"draft:{draft.id}")

    def option(
        self, draft_id: int, field: str, option: str | None, said: Mapping[str, Any] | None = None
    ) -> None:
        """A tapped option, or an earlier answer given back (`said`).

        Stale when the form has moved past that question.
        """
        draft = self._live(draft_id)
        form, desk = catalogue.form(draft.form), self.desk(draft)
        now = standing(form, said_in(draft), desk)
        if not isinstance(now, Ask) or now.field.name != field:
            raise Outdated("answer_outdated")
        self.answer(draft, said_from(said) if said else Said(at=self.stage.now, option=option))

    def moved(self, draft_id: int, move: str, field: str | None) -> None:
        """A tapped move."""
        self.move(self._live(draft_id), move, field)

    def _live(self, draft_id: int) -> Draft:
        current = drafts.current(self.stage.session, self.chat_id)
        if current is not None and current.id == draft_id:
            return current
        draft = drafts.get(self.stage.session, draft_id)
        if draft is None or draft.chat != self.chat_id:
            raise Outdated("answer_outdated")
        return drafts.resume(self.stage.session, draft_id, self.stage.now) or draft
