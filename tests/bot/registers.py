"""A register as large as one likes, as the two tables that are taken in."""

import csv
from pathlib import Path

#: The real size: 102 localities, two bodies above them, eighteen beside; 1,500 people.
UNITS, LOCALITIES, PEOPLE = 122, 102, 1500
UNIT_COLUMNS = (
    "Mã đơn vị", "Tên đơn vị", "Tên gọn", "Loại", "Cấp ủy cấp trên trực tiếp",
    "Cơ quan tuyên giáo phụ trách",
)  # fmt: skip


def files(folder: Path, units: int = UNITS, people: int = PEOPLE) -> list[str]:
    """Two tables: localities and other bodies under a province, each with its head, spokesperson,
    duty officer and deputy, and staff."""
    of_units, of_people = folder / "don-vi.csv", folder / "nguoi.csv"
    with of_units.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, delimiter=";")
        table.writerow(UNIT_COLUMNS)
        table.writerow(["TT", "Thường trực Tỉnh ủy", "Thường trực", "thường trực cấp ủy", "", ""])
        table.writerow(["TG", "Ban Tuyên giáo", "Ban TG", "cơ quan tuyên giáo", "TT", ""])
        for n in range(units - 2):
            kind = "xã, phường, đặc khu" if n < LOCALITIES or units > UNITS else "sở, ngành"
            table.writerow([f"X{n}", f"Đơn vị giả định {n}", f"ĐV {n}", kind, "TT", "TG"])
    roles = ("người đứng đầu", "người phát ngôn", "người trực", "cấp phó", "cán bộ")
    with of_people.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, delimiter=";")
        table.writerow(["Họ và tên", "Điện thoại", "Mã đơn vị", "Vai trò"])
        for n in range(people):
            unit, place = n % (units - 2), n // (units - 2)
            role = roles[min(place, len(roles) - 1)]
            table.writerow([f"Người Giả Định {n}", f"09{n:08d}", f"X{unit}", role])
    return [str(of_units), str(of_people)]
