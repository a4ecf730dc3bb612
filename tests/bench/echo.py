"""Form answers with full durability beside a bare python-telegram-bot echo, over the same API."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.channels.telegram.send import AT_ONCE
from tests.bench import processes
from tests.bench.processes import ACCOUNT, FastApi, fast_api, process, processor_seconds, service
from tests.bench.table import Row, median, spread

CHATS, REPEATS, ROUNDS = 60, 3, 7
#: How long the slow API takes for each answer, milliseconds.
SLOW = 50.0
#: What one person types in a row: a form that asks, is answered, gone back in, and given up.
TYPED = (
    "/baocao",
    *("sat lo ap tre dong, 7 nha, dang di doi", "quay lai"),
    *("cháy chợ Vàm, chưa rõ thiệt hại", "quay lai"),
    *("ca be chet o Con Phuoc, 12 tan", "quay lai"),
    *("do do chim o ben Phu An, 3 nguoi mat tich", "quay lai"),
    "/huy",
)
COUNT = CHATS * len(TYPED)


@dataclass(frozen=True)
class Run:
    """One run of one bot: updates answered a second, ms of processor time each."""

    rate: float
    processor: float
    #: Answers to each update: a question that a newer one has replaced is not sent any more.
    answers: float
    commits: float = 0.0


def updates(first: int, texts: Sequence[str] = TYPED, chats: int = CHATS) -> list[dict[str, Any]]:
    """What the people type, everybody's first line first."""
    made = []
    for text in texts:
        for n in range(chats):
            account = ACCOUNT + processes.FIRST + n
            sender = {"id": account, "is_bot": False, "first_name": "A", "language_code": "vi"}
            message: dict[str, Any] = {
                "message_id": len(made) + 1,
                "date": 1_790_000_000,
                "chat": {"id": account, "type": "private", "first_name": "A"},
                "from": sender,
                "text": text,
            }
            if text.startswith("/"):
                entity = {"type": "bot_command", "offset": 0, "length": len(text)}
                message["entities"] = [entity]
            made.append({"update_id": first + len(made), "message": message})
    return made


def measured(
    api: FastApi, pid: int, made: Sequence[dict[str, Any]], done: Callable[[], object]
) -> Run:
    """Lets a bot answer what is typed, until it is `done`."""
    used = processor_seconds(pid)
    api.load(made)
    done()
    seen = api.seen()
    used = processor_seconds(pid) - used
    times = sorted(at for _, at in seen["sent"])
    answers = len(times) / len(made)
    return Run(len(made) / (times[-1] - seen["first"]), used * 1000 / len(made), answers)


def peer(kind: str, delay: float = 0, chats: int = CHATS, times: int = 1) -> Run:
    """One run of an echo; everything is typed so many `times`."""
    with fast_api(delay) as api, process("tests.bench.peers", kind, api.url) as bot:
        api.polled()
        made = updates(1, TYPED * times, chats)
        run = measured(api, bot.pid, made, lambda: api.sends(len(made)))
        assert run.answers == 1
        return run


def ours(delay: float = 0, chats: int = CHATS, times: int = 1) -> Run:
    """One run of the service: every update stored, answered, and noted as answered."""
    with tempfile.TemporaryDirectory() as folder, fast_api(delay) as api:
        processes.province(Path(folder), chats)
        with service(Path(folder), api, "tests.kills.unpaced") as bot:
            api.polled()
            before = bot.number("motdaumoi_commits_total")
            made = updates(1, TYPED * times, chats)
            turns = bot.number("motdaumoi_turns_total") + len(made)
            run = measured(api, bot.made.pid, made, lambda: bot.settles(turns))
            commits = bot.number("motdaumoi_commits_total") - before
        return replace(run, commits=commits / len(made))


def flat_out_rows() -> Iterator[Row]:
    """Everything waits at once; in each round one after the other, since a machine is not as fast
    from one minute to the next."""
    plain, same, mine = [], [], []
    for _ in range(ROUNDS):
        plain.append(peer("plain"))
        same.append(peer("aiohttp"))
        mine.append(ours())
    rates = [[one.rate for one in runs] for runs in (mine, plain, same)]
    ratio, ratio_same = (
        median([ours / theirs for ours, theirs in zip(rates[0], one, strict=True)])
        for one in rates[1:]
    )
    yield Row(
        "form answers, polling, SQLite FULL, updates/s",
        spread(rates[0]),
        f"{spread(rates[1])}, bare echo on httpx",
        f"≥ 1.0 ×; {ratio:.2f} ×",
        ratio >= 1.0,
    )
    yield Row(
        "the same beside an echo over our transport",
        spread(rates[0]),
        f"{spread(rates[2])}, bare echo on aiohttp",
        f"≥ 0.35 ×; {ratio_same:.2f} ×",
        ratio_same >= 0.35,
    )
    made = median([one.commits for one in mine])
    yield Row("commits per update, flat out", f"{made:.3f}", "–", "≤ 0.15", made <= 0.15)
    answers = median([one.answers for one in mine])
    yield Row(
        "the same, answers sent to each update (a newer question replaces one)",
        f"{answers:.2f}",
        "1.00",
        "–",
    )
    times = [median([one.processor for one in runs]) for runs in (mine, plain)]
    yield Row("processor time per update, ms", f"{times[0]:.2f}", f"{times[1]:.2f}", "–")


def slow_rows() -> Iterator[Row]:
    """The same with an API that takes 50 ms to answer, as one far away does."""
    best = max((peer(f"pool{most}", SLOW, 50, 3) for most in (16, 64)), key=lambda one: one.rate)
    runs = [ours(SLOW, 50, 3) for _ in range(REPEATS)]
    rate = median([one.rate for one in runs])
    ratio, full = rate / best.rate, rate / (AT_ONCE / (SLOW / 1000))
    yield Row(
        "form answers, an API that takes 50 ms, updates/s",
        spread([one.rate for one in runs]),
        f"{best.rate:.0f}, the best pool of httpx",
        f"≥ 1.5 ×; {ratio:.2f} ×",
        ratio >= 1.5,
    )
    yield Row(
        f"the same, of {AT_ONCE} calls at a time / 50 ms",
        f"{full:.0%}",
        "–",
        "≥ 80 %",
        full >= 0.8,
    )


def rows() -> Iterator[Row]:
    """Flat out, then with an API that takes its time."""
    yield from flat_out_rows()
    yield from slow_rows()
