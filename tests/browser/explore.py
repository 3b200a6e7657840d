"""Explore as tests read and use it."""

from playwright.sync_api import Locator, Page, expect


class Explore:
    """One open Explore page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def go(self, search: str = "") -> "Explore":
        """Open the page with a query string and wait until its first answer is there."""
        answer = self.page.goto(f"{self.address}/explore{search}")
        assert answer is not None
        assert answer.status == 200
        expect(self.page.locator(".rows-tables summary strong")).not_to_be_empty()
        return self

    @property
    def search(self) -> str:
        """The query string in the address bar."""
        return str(self.page.evaluate("location.search"))

    @property
    def count(self) -> Locator:
        """The sentence that counts the rows."""
        return self.page.locator(".rows-head > p")

    @property
    def chips(self) -> Locator:
        """The conditions in force."""
        return self.page.locator(".rows > .chips a")

    @property
    def heads(self) -> Locator:
        """The heads of the grid's columns."""
        return self.page.locator(".ag-header-cell-text")

    def cells(self, column: str) -> Locator:
        """The cells of a column, from the top."""
        return self.page.locator(f".ag-cell[col-id='{column}']")

    def head(self, column: str) -> Locator:
        """The head of a column."""
        return self.page.locator(f".ag-header-cell[col-id='{column}']")

    def choose_table(self, name: str) -> None:
        """Choose a table in the list of tables."""
        self.page.locator(".rows-tables summary").click()
        self.page.locator(".rows-tables a", has=self.page.get_by_text(name, exact=True)).click()
        expect(self.page.locator(".rows-tables summary strong")).to_have_text(name)

    def add_condition(self, column: str, operator: str, value: str) -> None:
        """Fill the fields of a condition and press Enter."""
        self.page.get_by_label("Column", exact=True).select_option(column)
        operators = self.page.get_by_label("Operator")
        expect(operators.locator(f"option[value={operator}]")).to_be_attached()
        operators.select_option(operator)
        self.page.get_by_label("Value").fill(value)
        self.page.keyboard.press("Enter")

    def toggle_columns(self, *names: str) -> None:
        """Tick or untick columns in the list of columns, and close it."""
        self.page.locator(".rows-columns button").first.click()
        for name in names:
            self.page.locator(".dash-dropdown-option").get_by_text(name, exact=True).click()
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".dash-dropdown-content")).to_have_count(0)
