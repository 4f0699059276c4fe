"""An article for reading on a terminal: line numbers and section names in the margin."""

import os
import shutil
import textwrap
from typing import TextIO

from .article import Article

COLOURS = {"headline": 1, "heading": 1, "abstract": 36, "byline": 35, "caption": 33, "credit": 35}
COLOURS |= {"navigation": 90, "body": 39}  # SGR codes of ECMA-48


def annotate(article: Article, stream: TextIO, *, colour: bool) -> str:
    """Return an article as it is to be read on a stream.

    A terminal gets lines of its width, and colours unless ``colour`` is false, NO_COLOR is set
    (no-color.org) or it is a dumb one; anything else gets neither.
    """
    terminal = stream.isatty()
    colour &= terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = max(shutil.get_terminal_size().columns - 17, 20) if terminal else len(article.text)
    kinds = {
        number: section.kind
        for section in article.sections
        for number in range(section.first_line, section.last_line + 1)
    }
    rows = []
    for number, line in enumerate(article.lines, 1):
        kind = kinds.get(number, "")
        margin = f"{number:>3}  {kind:<10}"
        for text in textwrap.wrap(line, width) or [""]:
            shown = f"\x1b[{COLOURS[kind]}m{text}\x1b[0m" if colour and text else text
            rows.append(f"{margin:<15}  {shown}".rstrip(" "))
            margin = ""
    return "\n".join(rows) + "\n"
