"""A list of questions as a workbook to fill in; `policy_lang/source/facts_sheet.py` reads it back.

Whatever is text is written as text: nothing that a policy or a fact says can become a formula, a date or a number.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import define, field

from policy_lang.program.countries import COUNTRIES
from policy_lang.program.types import Country, Enumeration, Type, YesNo, is_numeric
from policy_lang.source.archive import printable, with_fixed_dates
from policy_lang.tools.questions.ask import QuestionList
from policy_lang.tools.questions.cover import HOW_TO_FILL, circumstances, heading, standing_words, verdict
from policy_lang.tools.questions.form import Entry, ListTable, make_form

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST_TITLE = 31  # of a sheet
_LONGEST_HINT = 250  # of the note that shows when a cell is entered
_SPARE_ROWS = 200  # below a list, in which the same answers are allowed
_MOST_DIGITS = 15  # that a sheet keeps of a number
_LONGEST_CELL = 32_000
_HEAD = ("No.", "Question", "Answer", "Allowed answers", "Of whom", "Why it is asked", "Sources", "Fact")
_WIDTHS = (5, 46, 24, 32, 24, 46, 34, 26)
_DARK, _OPEN = "1F3864", "FFF9E5"


def to_workbook(questions: QuestionList) -> bytes:
    """The workbook as the bytes of an `.xlsx` file; the same questions give the same bytes.

    Raises `ImportError` when openpyxl is not installed.
    """
    return _Book(questions).data()


@define(eq=False, slots=False)
class _Book:
    """Puts a form on sheets."""

    questions: QuestionList
    words: dict[tuple[str, ...], str] = field(factory=dict)  # where the words of a long list stand

    def data(self) -> bytes:
        """The bytes of the workbook."""
        from openpyxl import Workbook  # large, and needed for this format only

        self.book = Workbook()
        self.form = make_form(self.questions)
        sheet = self.book.active
        assert sheet is not None
        sheet.title = "Questions"
        kinds = [one.type for one in self.form.asked]
        kinds += [one.type for table in self.form.tables for one in table.columns]
        lists = self._lists(kinds)
        self._questions(sheet)
        for table in self.form.tables:
            self._list(self.book.create_sheet(self._title(table.title)), table)
        if self.form.given:
            self._given(self.book.create_sheet(self._title("Given already")))
        if lists:
            self._words(self.book.create_sheet(self._title("Words")), lists)
        self.book.properties.creator = "policy-lang"
        self.book.properties.title = heading(self.questions)
        made = io.BytesIO()
        self.book.save(made)
        return with_fixed_dates(made.getvalue())

    def _title(self, words: str) -> str:
        """A name that a sheet can have, and that no other sheet has."""
        plain = re.sub(r"[\\/*?:\[\]']", "", words).strip()[:_LONGEST_TITLE].strip() or "List"
        taken = {name.casefold() for name in self.book.sheetnames}
        title, number = plain, 2
        while title.casefold() in taken:
            title, number = f"{plain[: _LONGEST_TITLE - 4]} {number}", number + 1
        return title

    # ------------------------------------------------------------------------------ sheets

    def _questions(self, sheet: Worksheet) -> None:
        row = 1
        _write(sheet, row, 1, heading(self.questions), bold=True, size=14)
        lines = [" ".join(circumstances(self.questions)), verdict(self.questions)]
        lines += HOW_TO_FILL if self.questions.questions else ()
        for line in lines:
            row += 1
            _write(sheet, row, 1, line)
        row += 1
        for standing in self.questions.standings:
            row += 1
            _write(sheet, row, 2, standing.label, bold=True, wrap=True)
            _write(sheet, row, 3, standing_words(standing), wrap=True)
        if self.form.asked:
            row += 2
            _head(sheet, row, _HEAD)
            first = row + 1
            number = 0
            for one in self.form.asked:
                row += 1
                number += one.is_first
                self._asked(sheet, row, one, number)
            sheet.freeze_panes = (
                f"C{first}" if first <= 20 else None
            )  # a longer heading would fill the screen
            sheet.print_title_rows = f"{first - 1}:{first - 1}"
        _page(sheet, _WIDTHS)

    def _asked(self, sheet: Worksheet, row: int, one: Entry, number: int) -> None:
        question = one.question
        if one.is_first:
            sheet.cell(row, 1, number)
        texts = [one.words, one.kind, "", "", "", one.address]
        if question is not None and one.is_first:
            also = f"; {question.also}" if question.also else ""
            texts[2:5] = [
                question.whom + also,
                self.questions.why(question),
                self.questions.sources(question),
            ]
        for column, text in zip((2, 4, 5, 6, 7, 8), texts, strict=True):
            _write(sheet, row, column, text, wrap=True, grey=column == 8)
        self._answer(sheet, row, 3, one, one.answer)

    def _list(self, sheet: Worksheet, table: ListTable) -> None:
        _write(sheet, 1, 1, table.title, bold=True, size=14)
        _write(sheet, 2, 1, f"One row for each {table.noun}; number further rows in the same way.")
        heads = [word for word, _ in table.numbers] + [one.words for one in table.columns]
        _head(sheet, 4, heads)
        kinds = ["number"] * len(table.numbers) + [one.kind for one in table.columns]
        paths = [address for _, address in table.numbers] + [one.address for one in table.columns]
        for column, (kind, path) in enumerate(zip(kinds, paths, strict=True), 1):
            _write(sheet, 5, column, kind, wrap=True, grey=True)
            _write(sheet, 6, column, path, grey=True)
        row = 6
        for place, answers in table.rows:
            row += 1
            for column, number in enumerate(place, 1):
                sheet.cell(row, column, number)
            for column, (one, answer) in enumerate(zip(table.columns, answers, strict=True), len(place) + 1):
                self._answer(sheet, row, column, one, answer)
        for column, one in enumerate(table.columns, len(table.numbers) + 1):
            for spare in range(row + 1, row + 1 + _SPARE_ROWS):
                sheet.cell(spare, column).number_format = _format(one.type)
            self._allow(sheet, one, f"{_letter(column)}7:{_letter(column)}{row + _SPARE_ROWS}")
        sheet.freeze_panes = f"{_letter(len(table.numbers) + 1)}7"
        sheet.print_title_rows = "4:6"
        _page(sheet, [10] * len(table.numbers) + [26] * len(table.columns))

    def _given(self, sheet: Worksheet) -> None:
        _write(sheet, 1, 1, "What is given already", bold=True, size=14)
        _head(sheet, 3, ("Question", "Answer", "Allowed answers", "Fact"))
        for row, one in enumerate(self.form.given, 4):
            _write(sheet, row, 1, one.words, wrap=True)
            _write(sheet, row, 3, one.kind, wrap=True)
            _write(sheet, row, 4, one.address, grey=True)
            self._answer(sheet, row, 2, one, one.answer)
        sheet.freeze_panes = "B4"
        sheet.print_title_rows = "3:3"
        _page(sheet, (60, 30, 44, 34))

    # ------------------------------------------------------------------------------ answers

    def _answer(self, sheet: Worksheet, row: int, column: int, one: Entry, answer: str) -> None:
        """The cell of an answer, with what is given in it already."""
        from openpyxl.styles import PatternFill

        cell = sheet.cell(row, column)
        if answer and _is_number(one.type, answer):
            cell.value = Decimal(answer)
        elif answer:
            _write(sheet, row, column, answer, wrap=True)
        cell.number_format = _format(one.type) if not isinstance(cell.value, Decimal) else "General"
        cell.fill = PatternFill("solid", fgColor=_OPEN)
        cell.border = _border()
        if column == 3 or sheet.title.startswith("Given"):
            self._allow(sheet, one, cell.coordinate)

    def _allow(self, sheet: Worksheet, one: Entry, cells: str) -> None:
        """What may be chosen in these cells, and a note that says what is wanted."""
        from openpyxl.worksheet.datavalidation import DataValidation

        formula = self._choices(one.type, optional=one.optional)
        rule = DataValidation(type="list" if formula else None, formula1=formula, allow_blank=True)
        rule.showInputMessage = True
        rule.prompt = one.kind[:_LONGEST_HINT]
        if formula:
            rule.showErrorMessage = True
            # A long list on a sheet of its own has no `none`, and countries have more codes than there are names.
            is_whole = formula.startswith('"') and not isinstance(one.type, Country)
            rule.errorStyle = "stop" if is_whole or not one.optional else "warning"
            rule.errorTitle = "Not one of the answers"
            rule.error = f"Choose an answer from the list, or leave the cell empty: {one.kind}"[
                :_LONGEST_HINT
            ]
        rule.add(cells)
        sheet.add_data_validation(rule)

    def _choices(self, kind: Type, *, optional: bool) -> str | None:
        words = _words_of(kind)
        if not words:
            return None
        chosen = (*words, "none") if optional else words
        if chosen in self.words:
            return self.words[chosen]
        inline = ",".join(chosen)
        return f'"{inline}"' if len(inline) < 250 else self.words.get(words)

    def _lists(self, kinds: Sequence[Type]) -> list[tuple[str, list[tuple[str, ...]]]]:
        """The columns of the sheet with words: those too long to stand in a cell, countries with their names."""
        columns: list[tuple[str, list[tuple[str, ...]]]] = []
        for kind in dict.fromkeys(kinds):
            words = _words_of(kind)
            if words in self.words or len(",".join(words)) < 250:
                continue
            width = sum(len(rows[0]) for _, rows in columns)
            letter = _letter(width + 1)
            self.words[words] = f"Words!${letter}$2:${letter}${len(words) + 1}"
            is_country = isinstance(kind, Country)
            name = (
                "Countries"
                if is_country
                else (getattr(kind, "name", "") or "Words").replace("_", " ").capitalize()
            )
            columns.append((name, [(one, COUNTRIES[one]) if is_country else (one,) for one in words]))
        return columns

    def _words(self, sheet: Worksheet, lists: list[tuple[str, list[tuple[str, ...]]]]) -> None:
        column = 1
        widths: list[int] = []
        for name, rows in lists:
            _head(sheet, 1, (name, *([""] * (len(rows[0]) - 1))), column)
            for row, words in enumerate(rows, 2):
                for offset, word in enumerate(words):
                    _write(sheet, row, column + offset, word)
            column += len(rows[0])
            widths += [26] if len(rows[0]) == 1 else [11, 34]
        sheet.freeze_panes = "A2"
        _page(sheet, widths)


def _words_of(kind: Type) -> tuple[str, ...]:
    match kind:
        case YesNo():
            return ("yes", "no")
        case Enumeration(members=members):
            return members
        case Country():
            return tuple(COUNTRIES)
        case _:
            return ()


def _format(kind: Type) -> str:
    """How a sheet keeps what is typed: numbers as numbers, everything else as the text that it is."""
    return "General" if is_numeric(kind) else "@"


def _is_number(kind: Type, answer: str) -> bool:
    if not is_numeric(kind) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", answer):
        return False
    return (
        len(Decimal(answer).normalize().as_tuple().digits) <= _MOST_DIGITS and len(answer) <= 2 * _MOST_DIGITS
    )


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)


def _write(
    sheet: Worksheet,
    row: int,
    column: int,
    text: str,
    *,
    bold: bool = False,
    wrap: bool = False,
    grey: bool = False,
    size: int = 11,
) -> None:
    """Text in a cell, as text whatever it looks like."""
    from openpyxl.styles import Alignment, Font

    if not text:
        return
    cell: Any = sheet.cell(row, column)
    cell.value = printable(text)[:_LONGEST_CELL]
    cell.data_type = "s"  # a text that starts with `=` would else be taken for a formula
    cell.quotePrefix = text[:1] in "=+-@"  # as when a person types an apostrophe before it
    cell.number_format = "@"
    cell.font = Font(bold=bold, size=size, color="7F7F7F" if grey else None)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")


def _head(sheet: Worksheet, row: int, words: Sequence[str], start: int = 1) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for column, word in enumerate(words, start):
        _write(sheet, row, column, word)
        cell = sheet.cell(row, column)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor=_DARK)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _border() -> Any:
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="BFBFBF")
    return Border(left=side, right=side, top=side, bottom=side)


def _page(sheet: Worksheet, widths: Sequence[int]) -> None:
    """Widths, and a print set-up: landscape, one page wide, numbered."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[_letter(column)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = "&A", "&P / &N"
