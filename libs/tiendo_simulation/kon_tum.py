"""The agencies of Kon Tum province in 2022: departments, land registration branches, districts and communes.

The names are real; the officers, the codes below `H34` and all figures are not.
"""

PROVINCE = ("H34", "Ủy ban nhân dân tỉnh Kon Tum")
LAND_DEPARTMENT = ("H34.STNMT", "Sở Tài nguyên và Môi trường")
LAND_REGISTRATION = ("H34.STNMT.VPDK", "Văn phòng Đăng ký đất đai tỉnh Kon Tum")

# Code, name and how much work it has beside the others.
DEPARTMENTS = (
    ("STP", "Sở Tư pháp", 16),
    ("SGTVT", "Sở Giao thông vận tải", 24),
    ("SKHDT", "Sở Kế hoạch và Đầu tư", 12),
    ("SLDTBXH", "Sở Lao động - Thương binh và Xã hội", 10),
    ("SYT", "Sở Y tế", 8),
    ("SCT", "Sở Công Thương", 7),
    ("SXD", "Sở Xây dựng", 5),
    ("SNN", "Sở Nông nghiệp và Phát triển nông thôn", 6),
    ("SGDDT", "Sở Giáo dục và Đào tạo", 5),
    ("SVHTTDL", "Sở Văn hóa, Thể thao và Du lịch", 3),
    ("STTTT", "Sở Thông tin và Truyền thông", 1),
    ("SKHCN", "Sở Khoa học và Công nghệ", 1),
    ("SNV", "Sở Nội vụ", 2),
    ("STC", "Sở Tài chính", 1),
    ("BQLKKT", "Ban Quản lý Khu kinh tế tỉnh", 1),
    ("BDT", "Ban Dân tộc", 1),
)

# Code, name, how much work, and the communes.
DISTRICTS = (
    (
        ("TPKT", "thành phố Kon Tum", 34),
        (
            *("Phường Quang Trung", "Phường Duy Tân", "Phường Quyết Thắng", "Phường Trường Chinh", "Phường Thắng Lợi"),
            *("Phường Ngô Mây", "Phường Thống Nhất", "Phường Lê Lợi", "Phường Nguyễn Trãi", "Phường Trần Hưng Đạo"),
            *("Xã Đắk Cấm", "Xã Kroong", "Xã Ngọk Bay", "Xã Vinh Quang", "Xã Đắk Blà", "Xã Ia Chim", "Xã Đăk Năng"),
            *("Xã Đoàn Kết", "Xã Chư Hreng", "Xã Đắk Rơ Wa", "Xã Hòa Bình"),
        ),
    ),
    (
        ("DGLEI", "huyện Đắk Glei", 8),
        (
            *("Thị trấn Đắk Glei", "Xã Đắk Blô", "Xã Đắk Man", "Xã Đắk Nhoong", "Xã Đắk Pék", "Xã Đắk Choong"),
            *("Xã Xốp", "Xã Mường Hoong", "Xã Ngọc Linh", "Xã Đắk Long", "Xã Đắk KRoong", "Xã Đắk Môn"),
        ),
    ),
    (
        ("NHOI", "huyện Ngọc Hồi", 11),
        (
            *("Thị trấn Plei Kần", "Xã Đắk Ang", "Xã Đắk Dục", "Xã Đắk Nông", "Xã Đắk Xú", "Xã Đắk Kan", "Xã Bờ Y"),
            "Xã Sa Loong",
        ),
    ),
    (
        ("DTO", "huyện Đắk Tô", 9),
        (
            *("Thị trấn Đắk Tô", "Xã Đắk Rơ Nga", "Xã Ngọk Tụ", "Xã Đắk Trăm", "Xã Văn Lem", "Xã Kon Đào"),
            *("Xã Tân Cảnh", "Xã Diên Bình", "Xã Pô Kô"),
        ),
    ),
    (
        ("KPLONG", "huyện Kon Plông", 6),
        (
            *("Thị trấn Măng Đen", "Xã Đắk Ring", "Xã Đắk Nên", "Xã Đắk Tăng", "Xã Ngok Tem", "Xã Pờ Ê"),
            *("Xã Măng Cành", "Xã Măng Bút", "Xã Hiếu"),
        ),
    ),
    (
        ("KRAY", "huyện Kon Rẫy", 6),
        (
            *("Thị trấn Đắk Rve", "Xã Đắk Kôi", "Xã Đắk Tơ Lung", "Xã Đắk Ruồng", "Xã Đắk Pne", "Xã Đắk Tờ Re"),
            "Xã Tân Lập",
        ),
    ),
    (
        ("DHA", "huyện Đắk Hà", 12),
        (
            *("Thị trấn Đắk Hà", "Xã Đắk Pxi", "Xã Đắk Long", "Xã Đắk HRing", "Xã Đắk Ui", "Xã Ngọk Wang"),
            *("Xã Ngọk Réo", "Xã Hà Mòn", "Xã Đắk La", "Xã Đắk Mar", "Xã Đắk Ngọk"),
        ),
    ),
    (
        ("STHAY", "huyện Sa Thầy", 9),
        (
            *("Thị trấn Sa Thầy", "Xã Rờ Kơi", "Xã Sa Nhơn", "Xã Hơ Moong", "Xã Mô Rai", "Xã Sa Sơn", "Xã Sa Nghĩa"),
            *("Xã Sa Bình", "Xã Ya Xiêr", "Xã Ya Tăng", "Xã Ya Ly"),
        ),
    ),
    (
        ("TMRONG", "huyện Tu Mơ Rông", 5),
        (
            *("Xã Ngọc Lây", "Xã Đắk Na", "Xã Măng Ri", "Xã Ngọc Yêu", "Xã Đắk Sao", "Xã Đắk Rơ Ông"),
            *("Xã Đắk Tờ Kan", "Xã Tu Mơ Rông", "Xã Đắk Hà", "Xã Tê Xăng", "Xã Văn Xuôi"),
        ),
    ),
    (("IAHDRAI", "huyện Ia H'Drai", 3), ("Xã Ia Đal", "Xã Ia Dom", "Xã Ia Tơi")),
)
