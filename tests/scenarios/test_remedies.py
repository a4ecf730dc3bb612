"""A remedy is owed like a task, stands apart from talk, and bars the end (row 33)."""

import pytest

from procedure.errors import Refused
from tests.fixtures import EXPERT, LEADER
from tests.story import opened, reported, spoken, to_conclusion
from tests.town import Town, local


@pytest.mark.duty("T33")
def test_an_incident_with_an_open_remedy_cannot_be_closed_as_settled(town: Town) -> None:
    opened(town)
    town.answers("Thí Dụ", "2h30", "2h35", "Dừng hỏi")
    reported(town)
    to_conclusion(town)
    spoken(town)
    due = local("14/10 17:00").isoformat()
    task = {"what": "Khắc phục đoạn lộ bị sạt", "owner": town.id(EXPERT), "due": due}
    town.decides(LEADER, "SetTask", remedy=True, **task)
    remedy = town.incident().tasks[-1]
    town.says(LEADER, "/nhiemvu")
    assert "Khắc phục đoạn lộ bị sạt" in town.last(LEADER) and "; khắc phục" in town.last(LEADER)
    settle_all_but(town, remedy.id)
    with pytest.raises(Refused) as refused:
        town.decides(LEADER, "CloseIncident", opinion="Thường trực đồng ý kết thúc")
    assert refused.value.key == "not_ready_to_close"
    assert refused.value.facts["missing"] == ("remedies",)
    town.at("14/10 17:00")
    late = [row for row in town.thread(EXPERT) if row.template.startswith("rings/owner")]
    assert any("đoạn lộ bị sạt" in row.text for row in late), "its owner is rung like any other"
    town.decides(EXPERT, "FinishTask", task=remedy.id, note="Đã thông tuyến, có biên bản")
    town.decides(LEADER, "CloseIncident", opinion="Thường trực đồng ý kết thúc")
    assert town.incident().closed_at


def settle_all_but(town: Town, remedy: int) -> None:
    """Everything else that bars the end is done."""
    report = dict.fromkeys(("spoken", "coverage", "questions", "reaction", "remaining"), "Đã ghi")
    said = {**report, "deviation": "Không", "next_step": "watch"}
    town.decides("Ví Dụ", "ReportResult", proposals=["Khảo sát toàn tuyến"], **said)
    town.decides(LEADER, "DeclineProposal", proposal=1, reason="Đã có trong kế hoạch năm")
    incident = town.incident()
    for task in incident.tasks:
        if task.id != remedy and task.done_at is None:
            town.decides(task.owner, "FinishTask", task=task.id, note="Đã xong tại hiện trường")
    for order in incident.orders:
        if order.reported_at is None:
            town.decides(order.person, "ReportVerification", order=order.id, result="Đủ 07 hộ")
    town.decides("Tượng Trưng", "ConfirmDirection", direction=1)
