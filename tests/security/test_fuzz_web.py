"""Requests made from the web's own OpenAPI document: whatever comes, never a 5xx."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from bot.flood import Doors, Gate, Measure
from bot.web.app import make_app
from bot.web.state import Web
from tests.bot.webtown import BASE, REPORTER, report, sample_world, signed_in, web_over
from tests.security.fuzzing import examples

#: Streams never end; tests/bot/test_web_stream.py is theirs.
LEFT_OUT = {"/api/stream"}
WORDS = st.text(max_size=30) | st.text("\x00\u202e/\\%?#.;:", max_size=12)
NUMBERS = st.integers() | st.integers(0, 30) | st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**40])
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def from_schema(schema: dict[str, Any], parts: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema describes."""
    if "$ref" in schema:
        return from_schema(parts[schema["$ref"].rpartition("/")[2]], parts)
    if "anyOf" in schema:
        return st.one_of([from_schema(one, parts) for one in schema["anyOf"]])
    kind = schema.get("type")
    if kind == "object":
        wanted = set(schema.get("required", ()))
        fields = {k: from_schema(v, parts) for k, v in schema.get("properties", {}).items()}
        return st.fixed_dictionaries(
            {k: v for k, v in fields.items() if k in wanted},
            optional={k: v for k, v in fields.items() if k not in wanted},
        )
    if kind == "integer":
        return st.integers(schema.get("minimum", -(2**70)), schema.get("maximum", 2**70))
    if kind == "boolean":
        return st.booleans()
    if kind == "null":
        return st.none()
    if "pattern" in schema:
        made = st.from_regex(schema["pattern"], fullmatch=True)
        return made.map(lambda text: text[: schema.get("maxLength", 80)])
    return WORDS


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every method and path of the document, with what it says of it."""
    return [
        (method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
        if path not in LEFT_OUT
    ]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, TestClient]]:
    """A browser of the reporter's, whose incident is open; errors come out as answers."""
    world = sample_world(tmp_path_factory.mktemp("web"), rehearsal=False)
    report(world)
    web = web_over(world)
    wide = Measure(10**9, 0.001)
    web.doors = Doors(*(Gate(wide) for _ in range(4)))
    app = make_app(web)
    with signed_in(web, REPORTER) as mine:
        client = TestClient(app, base_url=BASE, headers=mine.headers, raise_server_exceptions=False)
        client.cookies.set("motdaumoi", mine.cookies["motdaumoi"])
        yield web, client
    world.db.close()


@examples(120)
@given(data=st.data())
def test_no_request_of_any_address_brings_a_5xx(
    door: tuple[Web, TestClient], data: st.DataObject
) -> None:
    _, client = door
    document = client.app.openapi()  # type: ignore[attr-defined]
    parts = document.get("components", {}).get("schemas", {})
    method, path, told = data.draw(st.sampled_from(operations(document)))
    query: dict[str, Any] = {}
    for one in told.get("parameters", ()):
        good = from_schema(one["schema"], parts)
        if one["name"] == "person":
            good = st.just(REPORTER) | good
        if one["name"] == "stream":
            good = st.just("incident-1") | good
        value = data.draw(good | ANYTHING)
        if one["in"] == "path":
            path = path.replace("{" + one["name"] + "}", quote(str(value), safe="") or "x")
        elif one["in"] == "query":
            query[one["name"]] = str(value)
    sent: dict[str, Any] = {"params": query}
    body = told.get("requestBody")
    if body:
        schema = body["content"]["application/json"]["schema"]
        sent["json"] = data.draw(from_schema(schema, parts) | ANYTHING)
    elif method == "post":
        sent |= data.draw(st.sampled_from([{"json": {}}, {"content": b"{", "headers": FORM}]))
    answer = client.request(method.upper(), path, **sent)
    assert answer.status_code < 500, (method, path, sent, answer.text)


FORM = {"content-type": "multipart/form-data; boundary=x"}
PART = st.tuples(
    st.sampled_from(["text", "client_id", "reply_to", "record", "files", "", 'a"b', "x" * 300]),
    st.none() | WORDS,
    st.binary(max_size=60) | WORDS.map(lambda text: text.encode("utf-8", "surrogatepass")),
)


def body_of(parts: list[tuple[str, str | None, bytes]], end: bytes) -> bytes:
    """A multipart body as somebody careless, or somebody bad, would write it."""
    made = b""
    for name, filename, content in parts:
        head = f'--x\r\nContent-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename is not None else ""
        made += head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + content + b"\r\n"
    return made + end


@examples(80)
@given(
    parts=st.lists(PART, max_size=5),
    end=st.sampled_from([b"--x--\r\n", b"--x", b"", b"\r\n--y--", b"\x00"]),
    where=st.sampled_from(["chats/1", "rooms/1/incident-1"]),
)
def test_no_upload_brings_a_5xx(
    door: tuple[Web, TestClient], parts: list[Any], end: bytes, where: str
) -> None:
    web, client = door
    path = f"/api/{where}/messages"
    given = [("client_id", None, b"c-1"), *parts]
    answer = client.post(path, content=body_of(given, end), headers=FORM)
    assert answer.status_code < 500, (parts, answer.text)
    spare: Path = web.world.settings.data_dir / "files" / "tmp"
    assert not spare.exists() or list(spare.iterdir()) == [], "nothing half received is left"


@examples(60)
@given(
    path=st.text(st.characters(codec="ascii"), max_size=40),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"]),
    cookie=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=80),
)
def test_no_address_method_or_cookie_brings_a_5xx(
    door: tuple[Web, TestClient], path: str, method: str, cookie: str
) -> None:
    _, client = door
    headers = {"Cookie": f"motdaumoi={cookie}"}
    answer = client.request(method, "/" + quote(path, safe="/%?=&.;"), headers=headers)
    assert answer.status_code < 500, (method, path)
