"""The procedures that people ask for, with their fields, norms, steps and allotments."""

from dataclasses import dataclass
from enum import StrEnum

from tiendo_simulation.json_text import text

WORKING_DAY = 480
CALENDAR_DAY = 1440
_ROUNDING = 30


class PauseMode(StrEnum):
    """How a pause moves the due."""

    SUSPEND = "suspend"
    RESTART = "restart"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step with its allotment in working minutes (None: the process defines none), as events say it."""

    id: str
    allotted: int | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A procedure; `text` and `field_text` are what `received` says of it, `norm` its minutes, `steps` by id."""

    id: str
    name: str
    norm: int
    calendar_days: bool
    mode: PauseMode
    consults: str | None
    asks_payment: bool
    text: str
    field_text: str
    steps: dict[str, Step]
    room: int


RECEIVE, ASSIGN, EXAMINE, SIGN, ISSUE, CONSULT = (
    "tiep-nhan",
    "phan-cong",
    "tham-dinh",
    "ky-duyet",
    "phat-hanh",
    "y-kien",
)
_STEP_NAMES = {
    RECEIVE: ("Tiếp nhận hồ sơ", 0.06),
    ASSIGN: ("Phân công xử lý", 0.06),
    EXAMINE: ("Thẩm định hồ sơ", 0.60),
    SIGN: ("Ký duyệt", 0.18),
    ISSUE: ("Phát hành kết quả", 0.10),
    CONSULT: ("Lấy ý kiến phối hợp", 0.30),
}
STEP_SHARES = {step: share for step, (_, share) in _STEP_NAMES.items()}

LAND = ("dat-dai", "Đất đai")
TAX, PROVINCE_COMMITTEE, LAND_OFFICE = "tax", "province", "land-office"


def _procedure(
    code: str,
    name: str,
    field: tuple[str, str],
    days: int,
    *,
    mode: PauseMode = PauseMode.SUSPEND,
    calendar_days: bool = False,
    allotments: float | None = 1.0,
    consults: str | None = None,
    asks_payment: bool = False,
    room: int = 0,
) -> Procedure:
    """One entry of the catalogue; `allotments` brings all allotments up or down together, None leaves them out."""
    norm = days * (CALENDAR_DAY if calendar_days else WORKING_DAY)
    head = f'{{"id":{text(code)},"name":{text(name)}'
    counted = "calendar" if calendar_days else "working"
    return Procedure(
        id=code,
        name=name,
        norm=norm,
        calendar_days=calendar_days,
        mode=mode,
        consults=consults,
        asks_payment=asks_payment,
        text=f'{head},"norm_minutes":{norm},"days":"{counted}"}}',
        field_text=f'{{"id":{text(field[0])},"name":{text(field[1])}}}',
        steps={step: _step(step, norm, allotments) for step in _STEP_NAMES},
        room=room,
    )


def _step(step: str, norm: int, allotments: float | None) -> Step:
    name, share = _STEP_NAMES[step]
    head = f'{{"id":"{step}","name":{text(name)}'
    if allotments is None:
        return Step(id=step, allotted=None, text=f"{head}}}")
    allotted = max(_ROUNDING, round(norm * share * allotments / _ROUNDING) * _ROUNDING)
    return Step(id=step, allotted=allotted, text=f'{head},"allotted_minutes":{allotted}}}')


LAND_PROCEDURES = (
    _procedure("1.004227", "Đăng ký biến động quyền sử dụng đất", LAND, 10, consults=TAX, asks_payment=True),
    _procedure("1.004238", "Xóa đăng ký cho thuê, góp vốn bằng quyền sử dụng đất", LAND, 3, allotments=0.9),
    _procedure("1.004221", "Đăng ký thay đổi tài sản gắn liền với đất", LAND, 15, consults=TAX, asks_payment=True),
    _procedure("1.005194", "Cấp đổi Giấy chứng nhận quyền sử dụng đất", LAND, 7, mode=PauseMode.RESTART),
    _procedure("2.000880", "Đăng ký thế chấp quyền sử dụng đất", LAND, 1, allotments=1.15),
    _procedure("1.003003", "Đăng ký và cấp Giấy chứng nhận lần đầu", LAND, 30, consults=TAX, asks_payment=True),
    _procedure("1.002969", "Tách thửa hoặc hợp thửa đất", LAND, 15, mode=PauseMode.SHIFT),
)
LAND_DEPARTMENT_PROCEDURES = (
    _procedure("1.002253", "Giao đất, cho thuê đất", LAND, 20, consults=PROVINCE_COMMITTEE, room=0),
    _procedure("1.004122", "Cấp giấy phép khai thác nước dưới đất", ("tnn", "Tài nguyên nước"), 30, room=1),
    _procedure("1.004446", "Cấp phép khai thác khoáng sản", ("dckt", "Địa chất và khoáng sản"), 40, room=1),
    _procedure("1.010733", "Thẩm định báo cáo tác động môi trường", ("mt", "Môi trường"), 30, room=2),
)
_JUSTICE, _TRANSPORT, _BUSINESS = ("lltp", "Lý lịch tư pháp"), ("db", "Đường bộ"), ("dkkd", "Đăng ký doanh nghiệp")
DEPARTMENT_PROCEDURES = {
    "STP": (_procedure("2.000488", "Cấp Phiếu lý lịch tư pháp", _JUSTICE, 12, calendar_days=True),),
    "SGTVT": (
        _procedure("1.002809", "Đổi Giấy phép lái xe", _TRANSPORT, 5),
        _procedure("1.002007", "Cấp phù hiệu xe ô tô", _TRANSPORT, 2, allotments=None),
    ),
    "SKHDT": (_procedure("2.001583", "Đăng ký thành lập doanh nghiệp", _BUSINESS, 3, mode=PauseMode.RESTART),),
    "SLDTBXH": (_procedure("1.010810", "Công nhận người có công", ("ncc", "Người có công"), 24, allotments=1.1),),
    "SYT": (_procedure("1.001138", "Cấp chứng chỉ hành nghề khám bệnh", ("kcb", "Khám bệnh, chữa bệnh"), 20),),
    "SXD": (_procedure("1.009974", "Cấp giấy phép xây dựng", ("hdxd", "Hoạt động xây dựng"), 20),),
}
OTHER_DEPARTMENT_PROCEDURES = (
    _procedure("2.000033", "Thông báo hoạt động", ("chung", "Lĩnh vực chung"), 5, allotments=None),
    _procedure("1.003560", "Cấp giấy chứng nhận đủ điều kiện", ("chung", "Lĩnh vực chung"), 10),
)
_CIVIL, _SOCIAL = ("ho-tich", "Hộ tịch"), ("btxh", "Bảo trợ xã hội")
DISTRICT_PROCEDURES = (
    _procedure("1.001612", "Đăng ký hộ kinh doanh", ("hkd", "Hộ kinh doanh"), 3),
    _procedure("1.000798", "Chuyển mục đích sử dụng đất", LAND, 15, consults=LAND_OFFICE, asks_payment=True, room=1),
    _procedure("1.003572", "Giao đất cho hộ gia đình, cá nhân", LAND, 20, consults=LAND_OFFICE, room=1),
    _procedure("1.009994", "Cấp giấy phép xây dựng nhà ở riêng lẻ", ("hdxd", "Hoạt động xây dựng"), 15, room=2),
    _procedure("2.000528", "Đăng ký khai sinh có yếu tố nước ngoài", _CIVIL, 5, allotments=None),
    _procedure("1.001776", "Trợ cấp xã hội hàng tháng", _SOCIAL, 22, mode=PauseMode.SHIFT),
)
COMMUNE_PROCEDURES = (
    _procedure("2.000815", "Chứng thực bản sao từ bản chính", ("chung-thuc", "Chứng thực"), 1, allotments=1.1),
    _procedure("1.001193", "Đăng ký khai sinh", _CIVIL, 1),
    _procedure("1.004873", "Cấp Giấy xác nhận tình trạng hôn nhân", _CIVIL, 3),
    _procedure("1.003554", "Hòa giải tranh chấp đất đai", LAND, 45, allotments=None),
    _procedure("1.000656", "Xác nhận nguồn gốc sử dụng đất", LAND, 15, allotments=0.9),
    _procedure("1.001653", "Đổi Giấy xác nhận khuyết tật", _SOCIAL, 5),
)
