"""Records of the national format of which everything about an applicant bears a mark, and where to look for the marks."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.sources.national.national_records import CODE, dossier, entry, row

NAME, NUMBER, PHONE, MAIL = "Đặng Dấuhiệu Một", "233-DAUHIEU-7", "0905 DAUHIEU 1", "dauhieu@example.vn"
ABOUT = f"Hồ sơ của ông {NAME.upper()}, CCCD {NUMBER}, gọi {PHONE} hoặc {MAIL}."
NEVER_KEPT = (
    *("LoaiDoiTuong", "MaDoiTuong", "ThongTinKhac", "Fax", "TrichYeuHoSo", "HinhThuc", "ThongTinTra", "GhiChu"),
    *("NoiNopHoSo", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "LoaiDinhDanh", "SoDinhDanh", "DiaChi"),
    *("DSKetNoiCSDL", "UrlDetail", "DuocThanhToanTrucTuyen", "NgaySinh"),
)
MARK = "DAUHIEU"


def marked(code: str, **more: Any) -> dict[str, Any]:
    """A dossier message in which everything of the applicant, and everything that no fact is made of, bears the mark."""
    members = {name: f"{MARK}-{name}" for name in NEVER_KEPT}
    papers = {
        "TaiLieuNop": [{"TenTepDinhKem": f"{MARK}.pdf", "DuongDanTaiTepTin": f"https://x/{MARK}"}],
        "DanhSachLePhi": [{"TenPhiLePhi": MARK, "Gia": "1"}],
        "DanhSachTepDinhKemKhac": [{"TenGiayTo": MARK}],
        "DanhSachGiayToKetQua": [{"TenGiayTo": MARK, "GiayToId": MARK}],
    }
    applicant = {"ChuHoSo": NAME, "SoGiayToChuHoSo": NUMBER, "SoDienThoai": PHONE, "Email": MAIL}
    asked = entry(NoiDungBoSung=ABOUT, NguoiYeuCauBoSung=f"Lê B {PHONE}", GhiChuRieng=MARK)
    said = {"MaHoSo": code, "TenTTHC": f"Đăng ký cho {NAME}", "DanhSachHoSoBoSung": [asked]}
    return dossier(**members, **papers, **applicant, **said, **more)[1]


async def lying(engine: AsyncEngine) -> str:
    """All rows of all tables as text."""
    tables = "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema = 'tiendo'"
    found = []
    async with engine.connect() as connection:
        for table in list(await connection.scalars(text(tables))):
            rows = await connection.execute(text(f"SELECT each.* FROM {table} AS each"))
            found += [
                str(value if not isinstance(value, bytes) else value.decode("utf-8", "replace"))
                for one in rows
                for value in one
            ]
    return "\n".join(found)


RECORDS = [marked(CODE), marked("H34-2", NgayTiepNhan="hôm qua"), marked("H34-3", NgayHenTra={MARK: MARK})]
ROWS = [
    {**row("20220816100000", 4)[1], "NoiDungXuLy": ABOUT},
    {**row("hôm qua", 4)[1], "NoiDungXuLy": ABOUT},
    {**row("20220816100000", 4)[1], "MaHoSo": "H34-2", "NoiDungXuLy": ABOUT},
]
"""Rows name no applicant: who applied is known from the messages before them, of one of which nothing was taken."""


def marks_in(told: str) -> list[str]:
    """The marks that occur, however they are written."""
    shown = told.casefold()
    return [mark for mark in (MARK, NAME, NUMBER, PHONE, MAIL, "Dấuhiệu") if mark.casefold() in shown]
