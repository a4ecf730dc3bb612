"""The closed lists of the procedure; each word stands beside its Vietnamese original."""

from enum import IntEnum, StrEnum


class Step(IntEnum):
    """The four steps of the regulation, and the end."""

    REPORT = 1  # Bước 1: báo cáo thường trực cấp ủy (thông qua ban tuyên giáo)
    CONSULT = 2  # Bước 2: tổng hợp, xin ý kiến, họp, phân công
    SPEAK = 3  # Bước 3: phát ngôn, cung cấp thông tin
    FOLLOW_UP = 4  # Bước 4: báo cáo kết quả, theo dõi, đề xuất
    CLOSED = 5  # đã kết thúc


class Severity(StrEnum):
    """How grave an incident is (mức độ); a house scale, the regulation has none."""

    ORDINARY = "ordinary"  # thường
    SERIOUS = "serious"  # nghiêm trọng
    GRAVE = "grave"  # đặc biệt nghiêm trọng

    @property
    def rank(self) -> int:
        """0 for ordinary, 1 for serious, 2 for grave."""
        return list(Severity).index(self)


class Authority(StrEnum):
    """Whether an incident is beyond its unit's authority (thẩm quyền)."""

    UNDECIDED = "undecided"
    WITHIN = "within"  # trong thẩm quyền
    BEYOND = "beyond"  # vượt thẩm quyền


class Role(StrEnum):
    """What a person is to the procedure, in a unit; bodies change names, these do not."""

    STAFF = "staff"  # cán bộ, công chức
    HEAD = "head"  # người đứng đầu
    DEPUTY = "deputy"  # cấp phó của người đứng đầu
    SPOKESPERSON = "spokesperson"  # người phát ngôn thường xuyên của đơn vị
    ON_DUTY = "on_duty"  # người trực
    OFFICE = "office"  # văn phòng, văn thư
    COMMITTEE_MEMBER = "committee_member"  # thành viên thường trực cấp ủy
    SECRETARY = "secretary"  # thư ký thường trực
    PRESS = "press"  # cơ quan báo chí, hội nhà báo
    ADMIN = "admin"  # quản trị


class UnitKind(StrEnum):
    """The function of a body (design.md §5): code names functions, data names bodies."""

    LOCALITY = "locality"  # xã, phường, đặc khu
    DEPARTMENT = "department"  # sở, ngành
    ESTABLISHMENT = "establishment"  # bệnh viện, trường học
    PARTY_COMMITTEE = "party_committee"  # đảng ủy
    PROPAGANDA_DEPARTMENT = "propaganda_department"  # ban tuyên giáo
    STANDING_COMMITTEE = "standing_committee"  # thường trực cấp ủy
    COORDINATING = "coordinating"  # ban nội chính, cơ quan quản lý báo chí
    PRESS = "press"  # báo, đài, hội nhà báo


class Level(StrEnum):
    """The levels of an escalation ladder, lowest first (domain.md §8.2)."""

    OWNER = "owner"
    OFFICE = "office"  # L1: người dự phòng và văn phòng đơn vị
    HEAD = "head"  # L2: người đứng đầu đơn vị
    DUTY_OFFICER = "duty_officer"  # L3: trực ban tuyên giáo
    LEADER = "leader"  # L4: lãnh đạo ban tuyên giáo
    COMMITTEE_OFFICE = "committee_office"  # L5: văn phòng cấp ủy, only by hand


class StatementForm(StrEnum):
    """The six legal forms of speaking (hình thức phát ngôn, domain.md §1.2)."""

    PRESS_CONFERENCE = "press_conference"  # họp báo
    PORTAL = "portal"  # đăng trên cổng, trang thông tin điện tử, trang mạng xã hội chính thức
    INTERVIEW = "interview"  # phát ngôn trực tiếp, trả lời phỏng vấn
    PRESS_RELEASE = "press_release"  # thông cáo, trả lời bằng văn bản, thư điện tử
    BRIEFING = "briefing"  # trao đổi trực tiếp hoặc tại giao ban báo chí
    CORRECTION_REQUEST = "correction_request"  # văn bản đề nghị đăng phản hồi, cải chính


class Casualties(StrEnum):
    """Whether anyone is hurt, missing or dead, as far as is known."""

    NONE_KNOWN = "none_known"  # chưa ghi nhận
    UNKNOWN = "unknown"  # chưa rõ
    INJURED = "injured"  # có người bị thương
    DEAD_OR_MISSING = "dead_or_missing"  # có người chết hoặc mất tích


class Verdict(StrEnum):
    """What checking a claim found (domain.md §1.6)."""

    TRUE = "true"  # đúng
    PARTLY = "partly"  # đúng một phần
    FALSE = "false"  # sai
    UNVERIFIED = "unverified"  # chưa kiểm chứng được
    OPINION = "opinion"  # ý kiến, góp ý


class Duty(StrEnum):
    """What can be owed; the keys of the policy's table (domain.md §8.3)."""

    RECEIPT = "O1"  # đã nhận việc
    QUICK_REPORT = "O2"  # báo cáo nhanh
    WRITTEN_REPORT = "O3"  # báo cáo văn bản
    ORDER_VERIFICATION = "O4"  # chỉ đạo rà soát, xác minh
    VERIFICATION = "O5"  # kết quả xác minh
    INTAKE = "O6"  # tiếp nhận, phân mức
    BRIEF = "O7"  # tổng hợp, báo cáo thường trực
    DIRECTION = "O8"  # ý kiến chỉ đạo
    MEETING = "O9"  # họp bước 2
    ATTENDANCE = "O11"  # trả lời dự, vắng
    CONCLUSION = "O12"  # kết luận họp
    HOLDING_STATEMENT = "O13"  # phát ngôn cầm chừng
    OFFICIAL_STATEMENT = "O14"  # thông tin ban đầu chính thức, hạn luật định
    OFFICIAL_STATEMENT_TARGET = "O14_target"  # mục tiêu nội bộ của O14
    APPROVAL = "O14b"  # duyệt nội dung phát ngôn
    PRESS_ENQUIRY = "O15"  # trả lời báo chí
    CLAIM_CHECK = "O16_check"  # kiểm chứng tin
    RESULT_REPORT = "O19"  # báo cáo kết quả, bước 4
    PROPOSALS = "O21"  # đề xuất nhiệm vụ, giải pháp tiếp theo
    CLOSING = "O22"  # kết thúc
    TASK = "task"  # nhiệm vụ theo kết luận, hạn do người giao đặt
    SUPPLEMENT = "supplement"  # bổ sung theo đề nghị
    CONFIRM_CONCLUSION = "O12_confirm"  # chủ trì xác nhận kết luận
    FIGURE_CONFLICT = "conflict"  # hai số liệu khác nhau cho một việc
