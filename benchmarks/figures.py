"""Figures, as they are printed."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what it is, its value with the unit, and what it stands beside."""

    what: str
    value: str
    beside: str = ""


def show(name: str, figures: list[Figure]) -> None:
    """Print the figures of a benchmark."""
    table = Table(title=name, title_justify="left")
    for column in ("what", "figure", "beside"):
        table.add_column(column)
    for figure in figures:
        table.add_row(figure.what, figure.value, figure.beside)
    Console(width=140).print(table)
