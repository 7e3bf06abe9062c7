"""What is wrong with an entry of a file to import, in English and Vietnamese.

Nothing here quotes what stood in the file except names of attributes.
"""

from tiendo_contracts.problems.problem_kinds import ProblemKind as Kind
from tiendo_contracts.problems.problem_phrases import text

_UNDATED = (
    (
        "Minutes are counted against people, so what bears no certain time is left out and told. Who held the case up to the next event "
        "that bears one is then unknown, since the event that was left out may have named somebody."
    ),
    (
        "Số phút được tính cho từng người, nên sự kiện không có thời điểm chắc chắn bị bỏ qua và được nêu ra. Người giữ hồ sơ cho đến "
        "sự kiện tiếp theo có thời điểm khi đó là không xác định, vì sự kiện bị bỏ qua có thể đã nêu tên ai đó."
    ),
)

_ROWS = (
    (
        "A row is taken as a whole or not at all: what it says of a case belongs together. The other rows stand, and this one is taken "
        "when it has been mended and the file is imported again."
    ),
    (
        "Mỗi dòng được nhận trọn vẹn hoặc không nhận: các thông tin về một hồ sơ trong dòng đi liền với nhau. Các dòng khác vẫn được nhận; "
        "dòng này được nhận khi đã sửa và nhập lại tệp."
    ),
)

FILE_TEXTS = {
    Kind.FILE_INSTANT_MISSING: text(
        422,
        ("No time", "Không có thời điểm"),
        ("`{field}` is missing or empty.", "Thiếu `{field}` hoặc giá trị để trống."),
        (
            "Name the attribute that bears the time in the mapping file, `[event] time`, or add the time to the file.",
            "Hãy nêu thuộc tính chứa thời điểm trong tệp ánh xạ, `[event] time`, hoặc bổ sung thời điểm vào tệp.",
        ),
        _UNDATED,
    ),
    Kind.FILE_INSTANT_UNREADABLE: text(
        422,
        ("Time not readable", "Không đọc được thời điểm"),
        ("`{field}` is not an instant that can be kept.", "`{field}` không phải là thời điểm lưu được."),
        (
            'Write how the file writes times into the mapping file, such as `[time] format = "%d.%m.%Y %H:%M:%S"`; years are 1970 to 2199.',
            (
                'Hãy ghi cách viết thời điểm của tệp vào tệp ánh xạ, ví dụ `[time] format = "%d.%m.%Y %H:%M:%S"`; '
                "năm từ 1970 đến 2199."
            ),
        ),
        _UNDATED,
    ),
    Kind.FILE_INSTANT_WITHOUT_OFFSET: text(
        422,
        ("Time without its zone", "Thời điểm thiếu múi giờ"),
        ("`{field}` has no offset, and no zone is set.", "`{field}` không có độ lệch múi giờ, và chưa đặt múi giờ."),
        (
            'Write the zone of the file\'s times into the mapping file, such as `[time] zone = "Asia/Ho_Chi_Minh"`.',
            'Hãy ghi múi giờ của các thời điểm trong tệp vào tệp ánh xạ, ví dụ `[time] zone = "Asia/Ho_Chi_Minh"`.',
        ),
        _UNDATED,
    ),
    Kind.FILE_INSTANT_WITHOUT_TIME_OF_DAY: text(
        422,
        ("A date without a time of day", "Ngày không có giờ"),
        ("`{field}` is a date alone.", "`{field}` chỉ là một ngày."),
        (
            'Write the time of day that such dates mean into the mapping file, such as `[time] time_of_day = "17:00"`.',
            'Hãy ghi giờ mà các ngày đó muốn nói vào tệp ánh xạ, ví dụ `[time] time_of_day = "17:00"`.',
        ),
        _UNDATED,
    ),
    Kind.FILE_EVENT_OUTSIDE_CASES: text(
        422,
        ("Belongs to no case", "Không thuộc hồ sơ nào"),
        ("This stands outside of the log's cases: {field}.", "Phần này nằm ngoài các hồ sơ của nhật ký: {field}."),
        (
            "Put each event into the `<trace>` of its case, directly below `<log>`.",
            "Hãy đặt mỗi sự kiện vào `<trace>` của hồ sơ tương ứng, ngay dưới `<log>`.",
        ),
        (
            "Every event belongs to one case. One that names none cannot be put to any.",
            "Mỗi sự kiện thuộc về một hồ sơ. Sự kiện không nêu hồ sơ thì không thể gắn vào hồ sơ nào.",
        ),
    ),
    Kind.FILE_ROW_WITHOUT_CASE: text(
        422,
        ("No case", "Không có mã hồ sơ"),
        ("`{field}` is empty: the row names no case.", "`{field}` để trống: dòng không nêu hồ sơ nào."),
        ("Write the code of the case into the row.", "Hãy ghi mã hồ sơ vào dòng."),
        _ROWS,
    ),
    Kind.FILE_ROW_SAYS_NOTHING: text(
        422,
        ("No time in the row", "Dòng không có thời điểm nào"),
        (
            "None of the columns that the mapping names says when anything happened.",
            "Không cột nào trong tệp ánh xạ cho biết việc gì đã xảy ra lúc nào.",
        ),
        (
            "Write into the row when the case was received, or ended; or remove the row.",
            "Hãy ghi vào dòng thời điểm tiếp nhận hoặc kết thúc hồ sơ, hoặc bỏ dòng này.",
        ),
        _ROWS,
    ),
    Kind.FILE_ROW_UNREADABLE: text(
        422,
        ("Row not readable", "Không đọc được dòng"),
        (
            "The row is not closed where a quotation mark opens, has more cells than there are headings, or is longer than any row.",
            "Dòng có dấu ngoặc kép mở mà không đóng, có nhiều ô hơn số cột của tiêu đề, hoặc dài hơn mức cho phép.",
        ),
        (
            "Close the quotation mark, or double it where it belongs to the text; put cells that hold the separator into quotation marks.",
            "Hãy đóng dấu ngoặc kép, hoặc viết hai lần nếu nó thuộc về nội dung; đặt ô có chứa dấu phân cách trong dấu ngoặc kép.",
        ),
        _ROWS,
    ),
    Kind.FILE_TEXT_UNREADABLE: text(
        422,
        ("Text not readable", "Không đọc được chữ"),
        (
            "`{field}` has bytes that are no text of the file's encoding.",
            "`{field}` có byte không phải là chữ theo bảng mã của tệp.",
        ),
        (
            'Save the file as UTF-8, or write its encoding into the mapping file, such as `[table] encoding = "windows-1258"`.',
            'Hãy lưu tệp ở dạng UTF-8, hoặc ghi bảng mã vào tệp ánh xạ, ví dụ `[table] encoding = "windows-1258"`.',
        ),
        _ROWS,
    ),
    Kind.FILE_FORMULA_WITHOUT_VALUE: text(
        422,
        ("Formula without a value", "Công thức chưa có giá trị"),
        (
            "`{field}` is a formula whose value the file does not keep, or that gives an error.",
            "`{field}` là công thức mà tệp không lưu giá trị, hoặc báo lỗi.",
        ),
        (
            "Open the file in a spreadsheet program, mend the formula where it gives an error, and save it, which works the values out.",
            "Hãy mở tệp bằng chương trình bảng tính, sửa công thức báo lỗi nếu có, rồi lưu lại để tính giá trị.",
        ),
        _ROWS,
    ),
    Kind.FILE_NUMBER_UNREADABLE: text(
        422,
        ("Not a whole number", "Không phải số nguyên"),
        ("`{field}` is not a whole number of minutes.", "`{field}` không phải là số phút nguyên."),
        ("Write it in digits alone.", "Hãy chỉ ghi bằng chữ số."),
        _ROWS,
    ),
}
