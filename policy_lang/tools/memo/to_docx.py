"""A memorandum as a Word document; the same memorandum gives the same bytes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from attrs import define, field

from policy_lang.source.archive import printable, with_fixed_dates
from policy_lang.tools.memo.content import Assumed, Memo
from policy_lang.tools.memo.grounds import Ground
from policy_lang.tools.memo.to_markdown import SIGNED, ground_value

_NO_DATE = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
_WIDTH = 16.0  # centimetres between the margins of an A4 page


def to_docx(memo: Memo) -> bytes:
    """The document as the bytes of a `.docx` file. Raises `ImportError` when python-docx is not installed."""
    return _Document(memo).data()


@define(eq=False, slots=False)
class _Document:
    """Lays a memorandum out as a Word document."""

    memo: Memo
    document: Any = field(init=False)

    def data(self) -> bytes:
        """The bytes of the document."""
        from docx import Document  # an extra, and needed for this format only

        self.document = Document()
        self._page()
        memo = self.memo
        many = len(memo.opinions) > 1
        self._heading(memo.title, 0)
        self._table((), memo.about, (4, 12))
        self._heading("Questions" if many else "Question", 1)
        for n, one in enumerate(memo.opinions, 1):
            self._paragraph(f"{n}. {one.question}" if many else one.question)
        if not memo.opinions:
            self._paragraph("Nothing is asked: no outcome is about the facts given.")
        self._heading("Short answers" if many else "Short answer", 1)
        for n, one in enumerate(memo.opinions, 1):
            text = f"{n}. {one.answer}" if many else one.answer
            self._paragraph(f" {' '.join(one.remarks)}" if one.remarks else "", bold=text)
        self._heading("Reasons", 1)
        for one in memo.opinions:
            if many:
                self._heading(one.question, 2)
            for ground in one.grounds:
                self._ground(ground)
        self._heading("Sources", 1)
        sources = [(one.cite, one.kind, one.used_in) for one in memo.sources]
        self._table(("Citation", "Class", "Cited in"), sources, (7, 6, 3))
        self._heading("Facts relied on", 1)
        facts = [(one.what, one.where, one.value) for one in memo.facts]
        self._table(("Fact", "Of", "As given"), facts, (9, 3, 4))
        self._heading("Assumptions", 1)
        self._assumptions(memo.assumptions)
        self._heading("Determinations", 1)
        self._bullets(memo.determinations or ("None.",))
        self._heading("Open points", 1)
        points = [(one.question, one.whom, one.why) for one in memo.open_points]
        self._table(("Question", "Of whom", "Why"), points, (6, 4, 6))
        self._heading("Limits", 1)
        self._bullets(memo.limits)
        self._heading("Stamp", 1)
        self._table((), memo.stamp, (4, 12))
        self._paragraph("")
        self._paragraph(SIGNED)
        made = io.BytesIO()
        self.document.save(made)
        return with_fixed_dates(made.getvalue())

    # ------------------------------------------------------------------------------ the page

    def _page(self) -> None:
        """A4, a plain font, properties without a clock, and a footer with the number of the page."""
        from docx.shared import Cm, Pt

        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2.5)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = "Calibri", Pt(10.5)
        style.paragraph_format.space_after = Pt(5)
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = "policy-lang"
        properties.title = printable(self.memo.title)
        properties.comments = ""
        properties.created = properties.modified = _NO_DATE
        date = next((words for head, words in self.memo.about if head == "As of"), "")
        footer = section.footer.paragraphs[0]
        footer.add_run(printable(f"{self.memo.title}, as of {date}. Page "))
        self._number(footer, "PAGE")
        footer.add_run(" of ")
        self._number(footer, "NUMPAGES")
        for run in footer.runs:
            run.font.size = Pt(8)

    def _number(self, paragraph: Any, what: str) -> None:
        """A field that the word processor works out."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        for kind, text in (("begin", ""), ("", what), ("separate", ""), ("text", "1"), ("end", "")):
            run = paragraph.add_run()
            if kind == "text":
                run.text = text
            elif kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
                run._r.append(mark)  # noqa: SLF001 - python-docx has no call for fields
            else:
                instruction = OxmlElement("w:instrText")
                instruction.set(qn("xml:space"), "preserve")
                instruction.text = f" {text} "
                run._r.append(instruction)  # noqa: SLF001 - the same

    # ------------------------------------------------------------------------------ its parts

    def _heading(self, text: str, level: int) -> None:
        self.document.add_heading(_line(text), level)

    def _paragraph(self, text: str, *, bold: str = "", style: str | None = None) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        if bold:
            paragraph.add_run(_line(bold)).bold = True
        if text:
            paragraph.add_run(printable(text))
        return paragraph

    def _ground(self, ground: Ground) -> None:
        cites = "".join(f" [{cite}]" for cite in ground.cites)
        only = ground.findings[0] if len(ground.findings) == 1 else None
        value = ground_value(ground)
        opening = self._paragraph(value + cites, bold=f"{ground.number}. {ground.title}")
        opening.paragraph_format.keep_with_next = True
        for finding in ground.findings:
            if only is None:
                self._paragraph(f"{finding.where or 'here'}: {finding.value}", style="List Bullet")
            for point in finding.points:
                self._paragraph(point, style="List Bullet" if only is not None else "List Bullet 2")

    def _assumptions(self, assumptions: Sequence[Assumed]) -> None:
        for one in assumptions:
            self._paragraph(f" {one.effect}", bold=one.taken)
            for reading in one.because:
                self._paragraph(f"for it: {reading}", style="List Bullet")
            for reading in one.against:
                self._paragraph(f"against it: {reading}", style="List Bullet")
        if not assumptions:
            self._paragraph("None.")

    def _bullets(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._paragraph(line, style="List Bullet")

    def _table(self, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose head is repeated on every page; without a head, its first column is one."""
        from docx.oxml import OxmlElement
        from docx.shared import Cm, Pt

        if not rows:
            self._paragraph("None.")
            return
        table = self.document.add_table(rows=0, cols=len(widths), style="Table Grid")
        table.autofit = False
        for n, row in enumerate([head, *rows] if head else rows):
            added = table.add_row()
            for column, (cell, text) in enumerate(zip(added.cells, row, strict=True)):
                cell.width = Cm(widths[column])
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_after = Pt(1)
                run = paragraph.add_run(_line(text))
                run.font.size = Pt(9.5)
                run.bold = (n == 0) if head else (column == 0)
            if head and n == 0:
                added._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 - no call for it
        self.document.add_paragraph().paragraph_format.space_after = Pt(2)


def _line(text: str) -> str:
    return printable(" ".join(text.split()))
