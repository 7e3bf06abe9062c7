"""Administrative documents by Nghị định 30/2020/NĐ-CP: a typed content model, and files made from it as PDF, DOCX and XLSX.

Whoever has something to say fills the model and knows nothing of fonts, margins and formats:

- `administrative`: AdministrativeDocument (head, title, grounds, body, signatures, recipients, appendices), Letterhead, FormHead,
  Title, Paragraph (`paragraph("…")` for the usual one), Signature, Appendix, Orientation;
- `document_tables`: DocumentTable, DocumentColumn, ColumnGroup (columns under one heading, to any depth), DocumentRow (an item, a group
  heading or a total, by its RowRole), Cell (a value over several columns or rows), `group_row("I. Sở …", table_columns=9)`;
- `cell_values`: a cell is a text, an int ("1.234"), a Percentage(part=…, whole=…) ("88,2 %"), a date ("05/08/2022"), a naive local
  datetime or None; workbooks get numbers and dates. Minutes are ints; `minutes_in_words(540)` is "1 ngày 1 giờ";
- `document_files`: `render(document, DocumentFormat.PDF)` and MEDIA_TYPES.

    document = AdministrativeDocument(
        head=Letterhead(superior="UBND tỉnh Kon Tum", agency="Sở Y tế", symbol="TB-SYT", place="Kon Tum", dated_on=date(2022, 9, 5)),
        title=Title(kind="Thông báo", subject="Về việc công khai danh sách …"),
        grounds=("Căn cứ Nghị định số …",),
        body=(paragraph("Sở Y tế thông báo danh sách … như Phụ lục kèm theo."),),
        signatures=(Signature(capacity=("GIÁM ĐỐC",)),),
        recipients=("UBND tỉnh", "Lưu: VT"),
        appendices=(Appendix(number="I", title="Danh sách …", body=(DocumentTable(columns=…, rows=…),), orientation=Orientation.LANDSCAPE),),
        simulated=True, made_at=known_at,
    )
    file = await asyncio.to_thread(render, document, DocumentFormat.PDF)

Texts are plain texts, whatever letters they have: none is taken for markup, a formula or a field. The number of a document is given or
left blank, never invented. The same document is the same bytes. Documents are in Vietnamese.
"""
