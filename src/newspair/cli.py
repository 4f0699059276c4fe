"""The ``newspair`` command: its words, its output, its exit codes.

Each command imports what it needs when it runs.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys

from . import __version__
from .errors import IntegrityError, ManifestError, NewspairError, printable
from .reading import checksums, filename_of, ids, read_bytes

TYPE_CHECKING = False  # as in reading.py
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import NoReturn

    from .manifest import SectionKind

FINE, NOT_GENUINE, USAGE, INTERRUPTED = 0, 1, 2, 130
_KINDS = "navigation, headline, abstract, byline, caption, heading, body or credit"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0: fine; 1: the data are not genuine; 2: the command cannot be done as it was given.
    """
    if sys.stdout is None:
        return _fail(USAGE, "standard output is closed")
    code, data = FINE, b""
    try:
        try:
            arguments = _parser().parse_args(argv)
            code, data = arguments.run(arguments)
        except SystemExit:  # --help and --version end so, when they are answered
            pass
        _write(data)
    except (IntegrityError, ManifestError) as error:
        return _fail(NOT_GENUINE, str(error))
    except NewspairError as error:
        return _fail(USAGE, str(error))
    except BrokenPipeError:  # the reader has seen enough
        _mute(1)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        _mute(1)
        return _fail(USAGE, f"standard output: {error.strerror}")
    return code


def _write(data: bytes) -> None:
    """Write a result whole: an unbuffered stream may take a part at a time, or refuse."""
    while data:
        taken = sys.stdout.buffer.write(data)
        if not taken:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        data = data[taken:]
    sys.stdout.flush()


def _fail(code: int, message: str) -> int:
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"newspair: error: {printable(message)}\n")
    except OSError:
        _mute(2)
    return code


def _mute(descriptor: int) -> None:
    """Send what a stream has not written yet to nowhere, lest it fail again at the very end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise NewspairError(f"{message}; see newspair --help")


def _narrow(prog: str) -> argparse.HelpFormatter:
    """Format help for 80 columns; to ask the terminal, argparse would import half of shutil."""
    return argparse.HelpFormatter(prog, width=78)


def _parser() -> _Parser:
    told = "Two news articles, byte for byte."
    parser = _Parser(prog="newspair", description=told, formatter_class=_narrow, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"newspair {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(run: Callable[[argparse.Namespace], tuple[int, bytes]], told: str) -> _Parser:
        name = run.__name__.strip("_")
        added = commands.add_parser(
            name, help=told, description=told, formatter_class=_narrow, allow_abbrev=False
        )
        added.set_defaults(run=run)
        return added

    listing = command(_list, "id, bytes, SHA-256, date and headline of each article")
    listing.add_argument("--json", action="store_true", help="as JSON")
    show = command(_show, "the exact bytes of an article")
    show.add_argument("id", metavar="ID", help="as newspair list gives it")
    part = show.add_mutually_exclusive_group()
    part.add_argument("--section", metavar="KIND", help=f"only the lines of a kind: {_KINDS}")
    part.add_argument("--annotate", action="store_true", help="line numbers and section names")
    show.add_argument("--no-color", action="store_true", help="annotate without colours")
    metadata = command(_metadata, "what is known of an article, with the evidence, as JSON")
    metadata.add_argument("id", metavar="ID", help="as newspair list gives it")
    command(_checksums, "the SHA-256 of each article, for sha256sum -c")
    validate = command(_validate, "whether the data, or a copy of their folder, are genuine")
    validate.add_argument("directory", metavar="DIR", nargs="?", help="the copy")
    validate.add_argument("--json", action="store_true", help="as JSON")
    export = command(_export, "the dataset in another format")
    export.add_argument("format", metavar="FORMAT", help="jsonl or croissant")
    return parser


def _fine(text: str, encoding: str = "utf-8") -> tuple[int, bytes]:
    """Encode a result: for programs in UTF-8, for people in what their terminal reads."""
    return FINE, text.encode(encoding, "backslashreplace")


def _list(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from .article import load_all
    from .export import to_json

    rows = [
        {
            "id": article.id,
            "bytes": article.size,
            "sha256": article.sha256,
            "date": article.date_published and article.date_published.isoformat(),
            "headline": article.headline,
        }
        for article in load_all()
    ]
    if arguments.json:
        return _fine(to_json(rows))
    lines = ("  ".join(str(value or "-") for value in row.values()) for row in rows)
    return _fine("".join(f"{line}\n" for line in lines), sys.stdout.encoding)


def _show(arguments: argparse.Namespace) -> tuple[int, bytes]:
    kind: SectionKind | None = arguments.section
    if kind is None and not arguments.annotate:
        return FINE, read_bytes(arguments.id)
    from .annotation import annotate
    from .article import load

    article = load(arguments.id)
    if kind is None:
        shown = annotate(article, sys.stdout, colour=not arguments.no_color)
        return _fine(shown, sys.stdout.encoding)
    if part := article.part(kind):
        return _fine(part)
    kinds = ", ".join(sorted({section.kind for section in article.sections}))
    raise NewspairError(f"{article.id} has no section {kind!r}; it has {kinds}")


def _metadata(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from .article import load
    from .export import metadata, to_json

    return _fine(to_json(metadata(load(arguments.id))))


def _checksums(_: argparse.Namespace) -> tuple[int, bytes]:
    sums = checksums()
    return _fine("".join(f"{sums[each]}  {filename_of(each)}\n" for each in ids()))


def _validate(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from .export import to_json
    from .validation import validate

    report = validate(arguments.directory)
    lines = [f"{problem.message} [{problem.check}]" for problem in report.problems]
    place = printable(arguments.directory or "the packaged data")
    told = "\n".join(lines or [f"{place}: genuine, every file to the byte"]) + "\n"
    _, data = _fine(told, sys.stdout.encoding)
    if arguments.json:
        _, data = _fine(to_json({"ok": report.ok, **report.model_dump()}))
    return FINE if report.ok else NOT_GENUINE, data


def _export(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from .export import FORMATS

    if arguments.format not in FORMATS:
        known = " and ".join(FORMATS)
        raise NewspairError(f"no format {arguments.format!r}; the formats are {known}")
    return _fine(FORMATS[arguments.format]())
