"""A stand-in for the web server, for trying the pages without a database.

It keeps everything in memory and knows a few tricks: the text "tu choi" is refused, "mat mang"
ends every stream, "nhieu" is answered with a long numbered choice. Run it with a port number.
"""

from __future__ import annotations

import email.parser
import email.policy
import hashlib
import json
import queue
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

STATIC = Path(__file__).resolve().parents[2] / "bot" / "web" / "static"
PAGES = {"/": "chat.html", "/board": "board.html"}
TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "jpg": "image/jpeg",
}
XA = "UBND xã Vàm Tre"
PEOPLE = [
    (1, "Võ Thị Thí Dụ", "Thí Dụ", "Công chức Văn hóa – Xã hội xã Vàm Tre", XA),
    (2, "Nguyễn Văn Ví Dụ", "Ví Dụ", "Chủ tịch UBND xã Vàm Tre", XA),
    (3, "Lê Văn Thử", "Thử", "Phó Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "Ban TG&DV"),
    (4, "Trần Thị Mẫu", "Mẫu", "Trưởng Ban Tuyên giáo và Dân vận Tỉnh ủy", "Ban TG&DV"),
    (5, "Lý Thị Bản Thảo", "Bản Thảo", "Thư ký Thường trực Tỉnh ủy", "Văn phòng"),
    (6, "Đoàn Văn Phác Họa", "Phác Họa", "Phó Giám đốc Sở NN&MT", "Sở NN&MT"),
]
CAST = [dict(zip(("id", "name", "short", "post", "unit"), row, strict=True)) for row in PEOPLE]
MENU = [
    {"command": "/viec", "label": "Việc của tôi"},
    {"command": "/baocao", "label": "Báo cáo lên tỉnh"},
    {"command": "/vuviec", "label": "Vụ việc"},
    {"command": "/trogiup", "label": "Trợ giúp"},
]
INTRO = [
    "Đây là bản diễn tập quy trình phát ngôn sau sự cố, trên dữ liệu mẫu.",
    "Đồng chí đóng vai từng người: chạm tên ở hàng trên để đổi máy.",
    "Bắt đầu bằng tin báo sạt lở lúc 02:36; bấm Gửi, rồi theo dõi ai đang giữ việc.",
]
LONG = ["Đồng chí Thí Dụ", "Đồng chí Ví Dụ", "Đồng chí Minh Họa, Bí thư Đảng ủy xã", "Người khác"]


class World:
    """What the fake server remembers; one lock around everything."""

    def __init__(self, rehearsal: bool, signed_in: bool) -> None:
        self.rehearsal, self.signed_in = rehearsal, signed_in
        self.lock = threading.RLock()
        self.chats: dict[int, list[dict[str, Any]]] = {row[0]: [] for row in PEOPLE}
        self.seen: set[str] = set()
        self.shown: dict[int, int] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.streams: list[queue.Queue[tuple[str, Any] | None]] = []
        self.minute = 2 * 60 + 36
        self.next: dict[str, Any] | None = None

    def clock_text(self) -> str:
        return f"{self.minute // 60:02}:{self.minute % 60:02} thứ Hai, ngày 12/10"

    def clock(self) -> dict[str, str]:
        return {"clock": "2026-10-12T02:36:00+07:00", "clock_text": self.clock_text()}

    def say(self, person: int, text: str, labels: list[str] | None = None, **more: Any) -> None:
        with self.lock:
            seq = len(self.chats[person]) + 1
            choices = [{"n": n, "label": label} for n, label in enumerate(labels or [], 1)]
            message = {
                "seq": seq, "id": person * 1000 + seq, "from": "bot", "text": text,
                "at": "2026-10-12T02:36:00+07:00", "at_text": self.clock_text()[:5],
                "day_text": "thứ Hai, ngày 12/10", "choices": choices, "answered": None,
                "superseded": False, "files": [], "silent": False, "ring": False,
                "drill": False, "copy": None, "reply_to": None, "state": "live",
            }  # fmt: skip
            self.chats[person].append({**message, **more})
            self.tell("message", {"person": person, **self.chats[person][-1]})

    def tell(self, event: str, data: Any) -> None:
        for stream in self.streams:
            stream.put((event, data))

    def pass_ball(self, person: int) -> None:
        name = CAST[person - 1]["name"]
        self.next = {"persona": person, "text": f"Đang chờ đồng chí {name}"}
        waiting = [{"persona": person, "count": 1}]
        self.tell("waiting", {"waiting": waiting, "next": self.next})

    def session(self) -> dict[str, Any]:
        inside = self.signed_in
        start = {
            "label": "Bắt đầu VV-01", "persona": 1,
            "text": "sat lo ap tre dong roi, mat cai lo, 7 nha, dang di doi",
            "photos": [f"/static/sample/sat-lo-{n}.jpg" for n in (1, 2)],
        }  # fmt: skip
        return {
            "signed_in": inside, "rehearsal": self.rehearsal, "me": CAST[0] if inside else None,
            "personas": CAST if inside and self.rehearsal else [],
            "duty": {"name": "Lê Văn Thử", "phone": "0296.000.0002"}, **self.clock(),
            "intro": INTRO if inside and self.rehearsal else None,
            "start": start if inside and self.rehearsal else None,
            "waiting": [], "next": self.next, "menu": MENU,
        }  # fmt: skip

    def take(self, person: int, text: str, files: list[dict[str, Any]]) -> None:
        mine: dict[str, Any] = {"from": "me", "files": files}
        self.say(person, text, None, **mine)
        self.tell("typing", {"person": person})
        if text == "nhieu":
            self.say(person, "Đồng chí giao ai xác minh tại chỗ?", LONG)
        elif text.startswith("/"):
            self.say(person, "Đồng chí không còn việc nào đang chờ.")
        else:
            self.say(
                person,
                "Đã nhận tin của đồng chí, hiểu là: sạt lở tại ấp Tre Đông, xã Vàm Tre; mất một "
                "đoạn lộ; ảnh hưởng 07 nhà; đang di dời.\n"
                "Có ai bị thương hoặc mất tích không?",
                ["Chưa ghi nhận", "Có", "Chưa rõ"],
            )

    def answer(self, person: int, prompt: int, n: int) -> None:
        with self.lock:
            row = next(m for m in self.chats[person] if m["id"] == prompt)
            row["answered"] = n
            self.tell("message", {"person": person, **row})
        self.say(person, "Đã mở vụ việc VV-01; đã báo đồng chí Chủ tịch, ĐT 0296.000.0003.")
        self.say(
            2,
            "Kính báo cáo đồng chí Chủ tịch: 02:36, đồng chí Thí Dụ báo sạt lở tại ấp Tre Đông, "
            "ảnh hưởng 07 nhà, chưa ghi nhận thiệt hại về người. Hạn báo cáo nhanh: 03:35.",
            ["Xem và gửi lên tỉnh", "Xã tự xử lý", "Gọi đồng chí Thí Dụ"], ring=True,
        )  # fmt: skip
        self.pass_ball(2)

    def board(self) -> dict[str, Any]:
        base = {
            "code": "VV-2026-001", "title": "Sạt lở bờ kênh tại ấp Tre Đông, xã Vàm Tre",
            "step": 2, "step_text": "Bước 2: xin ý kiến chỉ đạo", "severity": "serious",
            "severity_text": "Nghiêm trọng", "left_text": "còn 25 phút", "drill": False,
            "ball": "Ban TG&DV, đồng chí Lê Văn Thử, ĐT 0296.000.0002", "spokesperson": None,
        }  # fmt: skip
        other = {
            **base, "code": "DT-2026-002", "title": "Cháy chợ Vàm Tre", "step": 3, "drill": True,
            "step_text": "Bước 3: phát ngôn", "severity": "normal", "severity_text": "Thường",
            "left_text": "đang thực hiện", "spokesperson": "ông Nguyễn Văn Ví Dụ, Chủ tịch UBND xã",
        }  # fmt: skip
        return {"incidents": [base, other], "clock_text": self.clock_text()}


class Handler(BaseHTTPRequestHandler):
    """Answers with the addresses and shapes of the real server."""

    protocol_version = "HTTP/1.1"
    world: World

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def reply(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(body)

    def json(self, value: Any, status: int = 200) -> None:
        self.reply(status, json.dumps(value).encode(), "application/json")

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        world = self.world
        if url.path in PAGES or parts[0] in ("vao", "static"):
            self.file(PAGES.get(url.path) or ("link.html" if parts[0] == "vao" else parts[1:]))
        elif url.path == "/api/stream":
            self.stream(asked)
        elif parts[0] == "files":
            kind, body = world.files[parts[1]]
            self.reply(200, body, kind)
        elif parts[1] == "chats" and parts[3] == "messages":
            rows = world.chats[int(parts[2])]
            after, limit = int(asked["after"]), int(asked["limit"])
            self.json({"messages": rows[after : after + limit], "last_seq": len(rows)})
        elif parts[1] == "link" and parts[2] != "tot":
            self.json({"error": "Liên kết này đã được dùng hoặc đã hết hiệu lực."}, 404)
        else:
            person = {"name": "Nguyễn Văn Ví Dụ", "post": "Chủ tịch UBND xã Vàm Tre"}
            answers = {"session": world.session(), "board": world.board(), "link": person}
            self.json(answers.get(parts[1], {"menu": MENU}))

    def file(self, name: str | list[str]) -> None:
        path = STATIC / (name if isinstance(name, str) else "/".join(name))
        if path.is_file() and STATIC in path.resolve().parents:
            self.reply(200, path.read_bytes(), TYPES.get(path.suffix[1:], "text/plain"))
        else:
            self.json({"error": "Không có trang này."}, 404)

    def stream(self, asked: dict[str, str]) -> None:
        box: queue.Queue[tuple[str, Any] | None] = queue.Queue()
        world = self.world
        with world.lock:
            pairs = zip(asked["persons"].split(","), asked["after"].split(","), strict=True)
            for person, after in pairs:
                for row in world.chats[int(person)][int(after) :]:
                    box.put(("message", {"person": int(person), **row}))
            world.streams.append(box)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.close_connection = True
        try:
            while (item := box.get()) is not None:
                self.wfile.write(f"event: {item[0]}\ndata: {json.dumps(item[1])}\n\n".encode())
                self.wfile.flush()
        except ConnectionError:
            pass  # The page has gone.
        finally:
            world.streams.remove(box)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path).path.strip("/").split("/")
        if self.headers.get("X-Requested-With") != "motdaumoi":
            self.json({"error": "Thiếu dấu của trang."}, 403)
        elif parts[1] == "chats" and parts[3] == "messages":
            self.message(int(parts[2]), body)
        else:
            self.act(parts, json.loads(body or b"{}"))

    def act(self, parts: list[str], data: dict[str, Any]) -> None:
        world = self.world
        if parts[1] == "clock":
            world.minute += data.get("minutes", 40)
            self.json(world.clock())
            world.tell("clock", world.clock())
            return
        if parts[1] == "sign-out":
            world.signed_in = False
        elif parts[1] == "link":
            world.signed_in = True
        elif parts[-1] == "shown":
            world.shown[int(parts[2])] = data["seq"]
        self.json({"accepted": True}, 202)
        if parts[-1] == "answers":
            world.answer(int(parts[2]), data["prompt"], data["n"])

    def message(self, person: int, body: bytes) -> None:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        fields: dict[str, str] = {}
        files: list[dict[str, Any]] = []
        for part in form.iter_parts():
            data: Any = part.get_payload(decode=True)
            if (name := part.get_filename()) is None:
                fields[str(part.get_param("name", header="content-disposition"))] = data.decode()
                continue
            key = hashlib.sha256(data).hexdigest()
            kind = part.get_content_maintype()
            self.world.files[key] = (part.get_content_type(), data)
            shown_as = kind if kind in ("image", "audio") else "file"
            files.append({"url": f"/files/{key}", "name": name, "kind": shown_as,
                          "size": len(data)})  # fmt: skip
        self.keep(person, fields, files)

    def keep(self, person: int, fields: dict[str, str], files: list[dict[str, Any]]) -> None:
        world = self.world
        if fields["text"] == "tu choi":
            self.json({"error": "Tin có dấu mật, không gửi qua đây. Kính đề nghị gọi trực."}, 422)
            return
        self.json({"accepted": True}, 202)
        if fields["client_id"] not in world.seen:
            world.seen.add(fields["client_id"])
            world.take(person, fields["text"], files)
        if fields["text"] == "mat mang":
            world.tell("typing", {"person": person})
            for box in list(world.streams):
                box.put(None)


def serve(port: int, *, rehearsal: bool = True, signed_in: bool = True) -> ThreadingHTTPServer:
    """Start on the loopback in a daemon thread; port 0 takes a free one."""
    handler = type("Bound", (Handler,), {"world": World(rehearsal, signed_in)})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    serve(int(sys.argv[1]) if len(sys.argv) > 1 else 8099)
    threading.Event().wait()
