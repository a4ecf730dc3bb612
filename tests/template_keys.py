"""Which blocks of the templates the code asks for, read from its syntax trees."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.channels.telegram.groups import RIGHTS
from bot.channels.telegram.incoming import WORDED
from bot.channels.telegram.loss import LOSSES
from handlers.brief import LEFT_OUT
from handlers.catalogue import FORMS
from procedure.arrangement_reminders import About
from procedure.kinds import KINDS
from procedure.words import (
    Authority,
    Casualties,
    Duty,
    Role,
    Severity,
    StatementForm,
    UnitKind,
    Verdict,
)

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
#: The words of other surfaces: the command line, the page, the menus.
OTHERS = {"cli", "cli_people", "cli_personal", "cli_sheet", "web", "menu"}
REFUSALS = {"Refused", "NotYours", "WrongStep", "Outdated", "BadValue"}
_PATH = re.compile(r"[a-z_/]+#[A-Za-z_]*[A-Za-z]")
_BLOCK = re.compile(r"{%-? *block +(\w+)")


def blocks() -> set[str]:
    """Every block, as `path#block`."""
    found = set()
    for path in TEMPLATES.rglob("*.j2"):
        name = path.relative_to(TEMPLATES).with_suffix("").as_posix()
        if name not in OTHERS:
            found |= {f"{name}#{one}" for one in _BLOCK.findall(path.read_text("utf-8"))}
    return found


@cache
def trees(*folders: str) -> tuple[ast.Module, ...]:
    """The syntax trees of every module in these folders."""
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return tuple(ast.parse(path.read_text("utf-8")) for path in files)


def calls(*folders: str) -> Iterator[ast.Call]:
    """Every call in these folders."""
    for tree in trees(*folders):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield node


def name_of(call: ast.Call) -> str:
    """The name of what is called."""
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def strings(node: ast.AST) -> set[str]:
    """The strings that an expression may be: a constant, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return strings(node.body) | strings(node.orelse)
    return set()


def written() -> set[str]:
    """Every `path#block` that stands in the code as it is."""
    found = set()
    for tree in trees("bot", "handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} if _PATH.fullmatch(node.value) else set()
    return {one for one in found if one.partition("#")[0] not in OTHERS}


def refusals() -> set[str]:
    """The key of every refusal that is raised anywhere."""
    found = set()
    for call in calls("procedure", "handlers", "bot", "storage"):
        name = name_of(call)
        at = 0 if name in REFUSALS else 1 if name == "require" else None
        if at is not None and len(call.args) > at:
            found |= strings(call.args[at])
    return {f"refusals#{one}" for one in found}


def bad_answers() -> set[str]:
    """The key of every answer that cannot be read, and every note before a question."""
    found = set()
    for call in calls("handlers", "bot"):
        if name_of(call) == "BadAnswer" and call.args:
            found |= strings(call.args[0])
    for tree in trees("handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) == "NotAMoment" and node.args:
                found |= {f"moment_{why}" for why in strings(node.args[0])}
            if isinstance(node, ast.Call) and name_of(node) == "NotAFigure" and node.args:
                found |= {f"figure_{why}" for why in strings(node.args[0])}
    found |= {"figure_contested", "figure_not_chosen"}  # a refusal, told while it is written
    found |= {"moment_past", "moment_future"}  # `wrong_side` names the side
    return {f"answers#bad_{one}" for one in found}


def notices() -> set[str]:
    """Every kind of notice that the rules give."""
    found = set()
    for tree in trees("procedure"):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                found |= _notices_in(function)
    found |= {"spokesperson_assigned", "focal_point_assigned"}  # `_appointed` names the post
    return {f"notices/{one}#text" for one in found}


def _notices_in(function: ast.FunctionDef) -> set[str]:
    named = {
        target.id: strings(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and name_of(node) == "Notice" and node.args:
            first = node.args[0]
            found |= named.get(first.id, set()) if isinstance(first, ast.Name) else strings(first)
    return found


def labels() -> set[str]:
    """Every label of a button: those written out, and those of the closed lists."""
    found: set[str] = set()
    for call in calls("handlers", "bot"):
        name = name_of(call)
        if name in ("choice", "_open", "_see", "_act", "_form") and call.args:
            found |= strings(call.args[0])
        for keyword in call.keywords:
            if keyword.arg in ("label", "send_label"):
                found |= strings(keyword.value)
    for tree in trees("handlers", "bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found |= {s for k, v in pairs if k and strings(k) == {"label"} for s in strings(v)}
    found |= {form.send_label for form in FORMS.values()} | {"later", "skip"}
    lists = {
        "form": StatementForm,
        "severity": Severity,
        "casualties": Casualties,
        "verdict": Verdict,
        "unit_kind": UnitKind,
    }
    found |= {f"{prefix}_{one.value}" for prefix, kind in lists.items() for one in kind}
    found |= {"authority_beyond", "authority_within"}
    found |= _tuples("means", "handlers/direction.py", "MEANS")
    found |= _tuples("next", "handlers/result.py", "NEXT_STEPS")
    found |= _tuples("need", "handlers/help_wanted.py", "NEEDS")
    found |= _tuples("line", "handlers/add_line.py", "KINDS")
    found |= {"same_incident", "other_incident"}
    found |= {"attend_yes", "attend_no", "call_reached", "call_failed"}
    found |= _tuples("change", "handlers/person_forms.py", "ITEMS")
    found |= {"draft_holding", "draft_statement", "role_give", "role_end", "role_go_on"}
    return {f"labels#{one}" for one in found}


def _tuples(prefix: str, path: str, name: str) -> set[str]:
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return {f"{prefix}_{one}" for one in ast.literal_eval(node.value)}
    raise AssertionError(f"{path} has no {name}")


def forms() -> set[str]:
    """Every question, the preview where there is one, and the end of every form."""
    found = set()
    for form in FORMS.values():
        names = [one.name for one in form.fields] + ["finished"]
        names += ["preview"] if form.preview else []
        found |= {f"forms/{form.name}#{name}" for name in names}
        found |= set(form.written.values())
    return found


def duties() -> set[str]:
    """A ring and a name for every duty."""
    names = [duty.name.lower() for duty in Duty]
    return {f"rings/owner#{name}" for name in names} | {f"words#duty_{name}" for name in names}


def timeline() -> set[str]:
    """A word for every kind of entry that a timeline tells."""
    at_home = {
        name
        for name, kind in KINDS.items()
        if not kind.__module__.endswith(("_organisation", "_arrangements"))
    }
    return {f"words#told_{name}" for name in at_home - LEFT_OUT}


def lists() -> set[str]:
    """Words for the members of the closed lists, the gates, and the items of a report."""
    found = {f"words#authority_{one.value}" for one in Authority}
    found |= {f"words#severity_{one.value}" for one in Severity}
    found |= {f"words#role_{one.value}" for one in Role}
    found |= {f"words#unit_kind_{one.value}" for one in UnitKind}
    found |= {f"words#casualties_{one.value}" for one in Casualties}
    found |= {f"words#verdict_{one.value}" for one in Verdict}
    found |= {f"words#form_{one.value}" for one in StatementForm}
    found |= {f"words#form_short_{one.value}" for one in StatementForm}
    found |= {f"words#step_{n}" for n in range(1, 6)}
    found |= {f"words#{one}" for one in _tuples("means", "handlers/direction.py", "MEANS")}
    found |= {f"words#{one}" for one in _tuples("next", "handlers/result.py", "NEXT_STEPS")}
    found |= {"words#means_self", "words#place_online"}
    found |= {f"words#unusable_{one}" for one in (*WORDED, "other")}
    found |= {f"words#channel_{one}" for one in ("web", "telegram")}
    found |= _appended("steps.py", "missing_for_speaking", "gate")
    found |= _appended("steps.py", "missing_for_closing", "open")
    found |= _appended("rules_report.py", "missing_for_report", "item")
    found |= {f"words#item_{one}" for one in ("known", "unknown", "why_beyond", "ask")}
    return found


def _appended(path: str, function: str, prefix: str) -> set[str]:
    for node in ast.walk(ast.parse((ROOT / "procedure" / path).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            made = [c for c in ast.walk(node) if isinstance(c, ast.Call)]
            found = {s for c in made if name_of(c) == "append" for s in strings(c.args[0])}
            return {f"words#{prefix}_{one}" for one in found}
    raise AssertionError(f"{path} has no {function}")


def acts() -> set[str]:
    """The one-tap acts that are answered with a sentence."""
    for node in ast.walk(ast.parse((ROOT / "handlers/catalogue.py").read_text("utf-8"))):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "_ANSWERED":
            made = ast.literal_eval(node.value.args[0])  # type: ignore[attr-defined]
            return {f"acts#{one}" for one in made}
    raise AssertionError("handlers/catalogue.py has no _ANSWERED")


def arranged() -> set[str]:
    """What is told about papers, absences and rosters, why a paper is not good, and the week."""
    found = {f"arrangements#{one.value}" for one in About}
    for tree in trees("bot"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) == "tell" and len(node.args) > 1:
                found |= {f"arrangements#{one}" for one in strings(node.args[1])}
    buttons = {"ConfirmDelegation", "EndDelegation", "AcceptAbsence", "DeclineAbsence"}
    found |= {f"arrangements#{one}" for one in buttons | {"EndAbsence"}}
    found |= {f"refusals#delegation_{why}" for why in ("waits", "ended", "not_yet", "over")}
    found |= {"refusals#delegation_elsewhere", "refusals#not_fit_to_speak"}
    return found | {f"words#weekday_{n}" for n in range(7)}


def cards() -> set[str]:
    """The kinds of call card, and the merged messages."""
    kinds = {"night", "several", "hand_over", "nobody"}
    for node in ast.walk(ast.parse((ROOT / "bot/ring.py").read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == "_card_kind":
            returns = [one for one in ast.walk(node) if isinstance(one, ast.Return) and one.value]
            kinds |= {kind for one in returns if one.value for kind in strings(one.value)}
    assert "call" in kinds
    return {f"rings/call#{kind}" for kind in kinds} | {"rings/owner#several"}


def in_rooms() -> set[str]:
    """The lines of rooms with what stands for them while somebody is there, and the toasts."""
    found: set[str] = set()
    for call in calls("handlers", "bot"):
        name = name_of(call)
        if name == "Line":
            keywords = (one for one in call.keywords if one.arg in ("block", "guarded"))
            found |= {said for one in keywords for said in strings(one.value)}
        elif name in ("_plain", "_meeting", "_assigned"):
            found |= {said for one in call.args for said in strings(one)}
        elif name == "_wants":
            found |= strings(call.args[0])
        elif name == "_words" and len(call.args) > 1:
            found |= strings(call.args[1])
    found |= {"card", "card_guarded", "go_private_guarded"}
    return {f"rooms#{one}" for one in found}


def of_places() -> set[str]:
    """Why a place may be lost, and the rights that the bot may lack there."""
    whys = {f"words#room_why_{one}" for one in LOSSES}
    return whys | {f"words#{one}" for one in RIGHTS}


def for_operators() -> set[str]:
    """What the operators are told."""
    found = {
        s
        for call in calls("bot")
        if name_of(call) == "tell_operators"
        for one in call.args[1:2]
        for s in strings(one)
    }
    return found


def wanted() -> set[str]:
    """Everything that the code asks for."""
    made = (written, refusals, bad_answers, notices, labels, forms, duties, timeline, lists)
    found = set().union(*(one() for one in made)) | acts() | cards() | arranged()
    found |= in_rooms() | of_places() | for_operators()
    found |= {f"words#open_{one}" for one in ("report", "direction", "conclusion")}
    found |= {"views/incident#acts"}
    return found | {"answers#resumed", "notices/redirect_line#copy"}


def between_templates() -> set[str]:
    """The blocks of words.j2 that templates and the scene itself call by name."""
    found: set[str] = set()
    texts = [path.read_text("utf-8") for path in TEMPLATES.rglob("*.j2")]
    texts += [(ROOT / "bot/render.py").read_text("utf-8")]
    for text in texts:
        found |= set(re.findall(r"words\(\s*[\"'](\w+)[\"']\s*[,)]", text))
    found |= {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "left_ahead", "left_behind", "drill"}
    return {f"words#{one}" for one in found}
