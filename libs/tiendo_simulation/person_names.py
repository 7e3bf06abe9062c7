"""Vietnamese names of officers, drawn at random: two officers may well bear the same one."""

from random import Random

_FAMILIES = (
    *("Nguyễn",) * 12,
    *("Trần",) * 5,
    *("Lê",) * 5,
    *("Phạm",) * 3,
    *("Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trương"),
)
_WOMEN = (
    ("Thị", "Thị Thu", "Thị Thanh", "Thị Kim", "Thị Ngọc", "Ngọc", "Thùy", "Hồng"),
    ("Ánh", "Hoa", "Hương", "Lan", "Liên", "Mai", "Nga", "Phượng", "Thảo", "Trang", "Vân", "Yến", "Hạnh", "Nhung"),
)
_MEN = (
    ("Văn", "Đức", "Hữu", "Minh", "Quốc", "Xuân", "Công", "Thanh", "Anh"),
    ("Anh", "Bình", "Cường", "Dũng", "Hải", "Hùng", "Khánh", "Long", "Nam", "Phúc", "Quang", "Sơn", "Tuấn", "Việt"),
)
# Names of the peoples of the highlands: the woman's or man's mark, then the own name.
_HIGHLANDS = (
    ("A", "Y"),
    ("Blói", "Đơn", "Hên", "Khung", "Lối", "Nhem", "Phương", "Sáo", "Thảo", "Thuông", "Vin", "Xếp"),
)
_HIGHLAND_SHARE = 0.12


def full_name(rng: Random) -> str:
    """A full name."""
    if rng.random() < _HIGHLAND_SHARE:
        marks, own = _HIGHLANDS
        return f"{rng.choice(marks)} {rng.choice(own)}"
    middles, given = rng.choice((_WOMEN, _MEN))
    return f"{rng.choice(_FAMILIES)} {rng.choice(middles)} {rng.choice(given)}"
