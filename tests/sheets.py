"""Small workbooks, written by hand: elute reads them and writes none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def workbook(sheets: Mapping[str, Sequence[Sequence[str | float]]], prologue: str = "") -> bytes:
    """An .xlsx with these rows of cells; ``prologue`` stands before the content of every sheet. Stored, not packed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/s{i}.xml" ContentType="{KINDS}.worksheet+xml"/>' for i in range(len(sheets))
        )
        book = f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
        rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        types = f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rels}{book}{parts}</Types>'
        file.writestr("[Content_Types].xml", types)
        file.writestr("_rels/.rels", _relations([("r0", "officeDocument", "xl/workbook.xml")]))
        named = "".join(f'<sheet name="{escape(name)}" sheetId="{i + 1}" r:id="r{i}"/>' for i, name in enumerate(sheets))
        file.writestr("xl/workbook.xml", f'{HEAD}<workbook {MAIN} xmlns:r="{RELS}"><sheets>{named}</sheets></workbook>')
        file.writestr(
            "xl/_rels/workbook.xml.rels", _relations([(f"r{i}", "worksheet", f"worksheets/s{i}.xml") for i in range(len(sheets))])
        )
        for number, rows in enumerate(sheets.values()):
            cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
            file.writestr(
                f"xl/worksheets/s{number}.xml", f"{HEAD}{prologue}<worksheet {MAIN}><sheetData>{cells}</sheetData></worksheet>"
            )
    return made.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f"<c><v>{value}</v></c>"


def _relations(told: Sequence[tuple[str, str, str]]) -> str:
    lines = "".join(f'<Relationship Id="{name}" Type="{RELS}/{kind}" Target="{target}"/>' for name, kind, target in told)
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'
