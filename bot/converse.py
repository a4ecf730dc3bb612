"""Runs forms on drafts: asks, reads, previews, finishes (design.md §2f)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.stage import Stage
from handlers import catalogue, navigation
from handlers.form import Ask, Form, Next, Preview, Said, answered, last_answered, standing, without
from handlers.look import Desk
from handlers.say import Choice, Say
from procedure.codec import dump, load
from procedure.errors import Outdated
from procedure.facts import FileRef
from storage import drafts
from storage.drafts import Draft
from storage.tables import ChatRow


@dataclass(frozen=True)
class Talk:
    """One chat in one turn."""

    stage: Stage
    chat: ChatRow

    @property
    def person(self) -> int:
        """Whose chat it is."""
        return self.chat.person

    @property
    def chat_id(self) -> int:
        """The chat's id."""
        assert self.chat.id is not None
        return self.chat.id

    def say(self, words: Say) -> None:
        """Answers in this chat."""
        self.stage.say(self.chat, words, drill=self._drill(words.stream))

    def _drill(self, stream: str | None) -> bool:
        return bool(stream and self.stage.incident(stream).drill)

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
        if form.permit:
            form.permit(desk)
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
        self._go_on(form, draft, standing(form, _said(draft), desk))

    def _first_answers(self, form: Form, desk: Desk) -> dict[str, dict[str, Any]]:
        first = dict(form.prefill(desk)) if form.prefill else {}
        for name, template in form.written.items():
            first[name] = self.stage.write(template, self.person, desk.case.stream)
        at = self.stage.now.isoformat()
        return {
            key: {"said": words or "", "skipped": words is None, "at": at}
            for key, words in first.items()
        }

    def resume(self) -> None:
        """Brings back the newest parked draft and repeats its question, when there is one."""
        parked = drafts.parked(self.stage.session, self.chat_id)
        if parked:
            draft = drafts.resume(self.stage.session, parked[0].id, self.stage.now)
            if draft:
                self.ask(draft, resumed=True)

    # Asking

    def desk(self, draft: Draft) -> Desk:
        """The desk of a draft."""
        return self.stage.desk(self.person, draft.stream, draft.args)

    def ask(self, draft: Draft, now: Next | None = None, *, resumed: bool = False) -> None:
        """Puts the standing question, or reads the whole back."""
        form, desk = catalogue.form(draft.form), self.desk(draft)
        now = now or standing(form, _said(draft), desk)
        facts = {**_facts(form, draft, now), "resumed": resumed}
        facts["problem"] = None
        if isinstance(now, Preview):
            name = "preview"
            buttons: Sequence[Choice] = navigation.preview_buttons(form, draft.id)
        else:
            name, buttons = now.field.name, self._buttons(form, now, draft, desk)
            if now.problem:
                facts["problem"] = {"key": now.problem.key, **dump(dict(now.problem.facts))}
        self.say(
            Say(
                template=f"forms/{form.name}#{name}",
                facts=facts,
                choices=buttons,
                stream=draft.stream,
                about=f"draft:{draft.id}",
            )
        )

    def _buttons(self, form: Form, ask: Ask, draft: Draft, desk: Desk) -> Sequence[Choice]:
        options = ask.problem.options if ask.problem else ()
        options = options or tuple(ask.field.options(desk, ask.values))
        return navigation.question_buttons(form, ask.field, options, draft.id)

    # Answering

    def answer(self, draft: Draft, said: Said) -> None:
        """An answer to the standing question of the current draft."""
        form, desk = catalogue.form(draft.form), self.desk(draft)
        before = _said(draft)
        if isinstance(standing(form, before, desk), Preview):
            self.say(Say(template="answers#press_a_button", stream=draft.stream))
            self.ask(draft)
            return
        answers, now, name = answered(form, before, said, desk)
        if name is None:
            self.ask(draft, now)
            return
        draft = drafts.save(self.stage.session, draft, _kept(answers), self.stage.now)
        if form.each:
            self._commit_one(form, draft, answers, name, desk)
        self._go_on(form, draft, now)

    def _commit_one(
        self, form: Form, draft: Draft, answers: Mapping[str, Said], name: str, desk: Desk
    ) -> None:
        given = answers[name]
        field = form.field(name)
        if given.skipped or field is None or form.each is None:
            return
        for action in form.each(desk, name, field.read(given, desk, {})):
            self.stage.perform(draft.stream, self.person, action)

    def _go_on(self, form: Form, draft: Draft, now: Next) -> None:
        if isinstance(now, Ask) or form.preview:
            self.ask(draft, now)
        else:
            self.finish(form, draft, now)

    def extend_line(self, draft: Draft, name: str, said: Said) -> None:
        """Adds a photo that belongs to an answer just given (conduct §1)."""
        before = _said(draft)
        first = before[name]
        text = "\n".join(part for part in (first.text, said.text) if part.strip())
        files = first.files + tuple(one for one in said.files if one not in first.files)
        joined = Said(text=text, at=first.at, files=files)
        draft = drafts.save(
            self.stage.session, draft, _kept({**before, name: joined}), self.stage.now
        )
        self.ask(draft)

    # Moving

    def move(self, draft: Draft, move: str, field: str | None) -> None:
        """Back, edit, skip, cancel, resume, send."""
        form = catalogue.form(draft.form)
        if move == "cancel":
            self.cancel(draft)
        elif move == "resume":
            found = drafts.resume(self.stage.session, draft.id, self.stage.now)
            if found:
                self.ask(found)
        elif move == "park":
            drafts.park(self.stage.session, self.chat_id)
            self.say(
                Say(template="answers#parked", facts={"form": draft.form}, stream=draft.stream)
            )
        elif move == "skip":
            self.answer(draft, Said(at=self.stage.now, skipped=True))
        elif move == "back":
            name = last_answered(form, _said(draft), self.desk(draft))
            self._drop(form, draft, name)
        elif move == "edit" and field is None:
            self.say(
                navigation.edit_menu(
                    form, draft.id, standing(form, _said(draft), self.desk(draft)), draft.stream
                )
            )
        elif move == "edit":
            self._drop(form, draft, field)
        elif move == "send":
            self._send(form, draft)

    def _drop(self, form: Form, draft: Draft, name: str | None) -> None:
        answers = _said(draft)
        if name is not None and name in answers:
            answers = without(form, answers, name, self.desk(draft))
        draft = drafts.save(self.stage.session, draft, _kept(answers), self.stage.now)
        self.ask(draft)

    def _send(self, form: Form, draft: Draft) -> None:
        now = standing(form, _said(draft), self.desk(draft))
        if isinstance(now, Ask):
            self.ask(draft, now)
        else:
            self.finish(form, draft, now)

    def finish(self, form: Form, draft: Draft, now: Preview) -> None:
        """Puts the form's actions to the rules, says what came of it and what comes next."""
        stream = draft.stream
        for action in form.finish(self.desk(draft), now.values):
            stream = self.stage.perform(stream, self.person, action)
        drafts.drop(self.stage.session, draft.id)
        desk = self.stage.desk(self.person, stream, draft.args)
        following: list[Choice] = list(form.after(desk)) if form.after else []
        facts = _facts(form, draft, now)
        self.say(
            Say(
                template=f"forms/{form.name}#finished",
                facts=facts,
                choices=following,
                stream=stream,
            )
        )
        onward = catalogue.onward(form.name)
        if onward:
            self.open(onward, stream, {})
        else:
            self.resume()

    def cancel(self, draft: Draft) -> None:
        """Ends the draft; what was sent before stays."""
        drafts.drop(self.stage.session, draft.id)
        self.say(Say(template="answers#cancelled", facts={"form": draft.form}, stream=draft.stream))
        self.resume()

    def option(self, draft_id: int, field: str, option: str) -> None:
        """A tapped option; stale when the form has moved past that question."""
        draft = self._live(draft_id)
        form, desk = catalogue.form(draft.form), self.desk(draft)
        now = standing(form, _said(draft), desk)
        if not isinstance(now, Ask) or now.field.name != field:
            raise Outdated("answer_outdated")
        self.answer(draft, Said(at=self.stage.now, option=option))

    def moved(self, draft_id: int, move: str, field: str | None) -> None:
        """A tapped move."""
        self.move(self._live(draft_id), move, field)

    def _live(self, draft_id: int) -> Draft:
        draft = drafts.get(self.stage.session, draft_id)
        if draft is None or draft.chat != self.chat_id:
            raise Outdated("answer_outdated")
        current = drafts.current(self.stage.session, self.chat_id)
        if current is None or current.id != draft_id:
            draft = drafts.resume(self.stage.session, draft_id, self.stage.now) or draft
        return draft


def _said(draft: Draft) -> dict[str, Said]:
    return {name: _one(kept) for name, kept in draft.answers.items()}


def _one(kept: Mapping[str, Any]) -> Said:
    return Said(
        text=kept.get("said", ""),
        at=datetime.fromisoformat(kept["at"]),
        files=tuple(load(FileRef, one) for one in kept.get("files", ())),
        option=kept.get("option"),
        skipped=kept.get("skipped", False),
    )


def _kept(answers: Mapping[str, Said]) -> dict[str, Any]:
    return {
        name: {
            "said": said.text,
            "at": said.at.isoformat(),
            "files": [dump(one) for one in said.files],
            "option": said.option,
            "skipped": said.skipped,
        }
        for name, said in answers.items()
    }


def _facts(form: Form, draft: Draft, now: Next) -> dict[str, Any]:
    """What a form's sentences may use: every field (None while unanswered) and the arguments."""
    unanswered: dict[str, Any] = {one.name: None for one in form.fields}
    known: dict[str, Any] = dump(dict(now.values))
    return {**unanswered, **draft.args, **known}
