"""The ``newspair`` command, also as ``python -m newspair``; it never needs pydantic."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys

from . import __version__, _files
from ._errors import IntegrityError, NewspairError, printable

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from ._sections import ArticleId

EXIT_OK, EXIT_NOT_GENUINE, EXIT_CANNOT, EXIT_INTERRUPTED = 0, 1, 2, 130
_EXIT_CODES = "exit codes: 0 fine, 1 not genuine, 2 it cannot be done"
_EXPORTS = {"jsonl": "articles.jsonl", "croissant": "croissant.json"}


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; end with `SystemExit` and the exit code."""
    code, message = EXIT_OK, ""
    try:
        code, output, message = _run(argv)
        _write(output)
    except NewspairError as error:
        code = EXIT_NOT_GENUINE if isinstance(error, IntegrityError) else EXIT_CANNOT
        message = f"newspair: error: {error}\n"
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough
        _redirect_to_devnull(1)
    except OSError as error:
        _redirect_to_devnull(1)
        code, message = EXIT_CANNOT, f"newspair: error: standard output: {error.strerror}\n"
    try:
        if sys.stderr is not None:
            sys.stderr.write(message)
            sys.stderr.flush()
    except OSError:
        _redirect_to_devnull(2)
    sys.exit(code)


def _run(argv: Sequence[str] | None) -> tuple[int, bytes, str]:
    """Return the exit code, the output and the message of a command line."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err = io.StringIO(), io.StringIO()  # argparse ignores its errors
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as error:
        return int(error.code or 0), out.getvalue().encode(), err.getvalue()
    finally:
        sys.stdout, sys.stderr = streams
    return *arguments.run(arguments), ""


def _write(data: bytes) -> None:
    """Write all bytes: an unbuffered stream may take a part at a time, or none."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    while data:
        written = sys.stdout.buffer.write(data)
        if not written:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        data = data[written:]
    sys.stdout.flush()


def _redirect_to_devnull(descriptor: int) -> None:
    """Keep the interpreter from failing again when it flushes a stream at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)


def _formatter(prog: str) -> argparse.HelpFormatter:
    """Format help for 80 columns; to ask the terminal, argparse would import shutil."""
    return argparse.RawDescriptionHelpFormatter(prog, width=80)


def _parser() -> argparse.ArgumentParser:
    options: dict[str, Any] = {"formatter_class": _formatter, "allow_abbrev": False}
    title = "Two English news articles, byte for byte."
    parser = argparse.ArgumentParser("newspair", description=title, epilog=_EXIT_CODES, **options)
    parser.add_argument("--version", action="version", version=f"newspair {__version__}")
    commands, article_id = parser.add_subparsers(metavar="COMMAND", required=True), _files.ids()[1]

    def command(run: Callable[..., object], text: str, example: str) -> Callable[..., object]:
        name = run.__name__.strip("_")
        epilog = f"example: newspair {name} {example}\n{_EXIT_CODES}"
        added = commands.add_parser(name, help=text, description=text, epilog=epilog, **options)
        added.set_defaults(run=run)
        return added.add_argument

    add = command(_list, "list the articles: id, size, SHA-256, date, headline", "--json")
    add("--json", action="store_true", help="print JSON")
    add = command(_show, "print an article, byte for byte", f"{article_id} --annotate")
    add("id", metavar="ID", help="an id, as `newspair list` prints it")
    add("--section", metavar="KIND", help="print only the sections of one kind, such as body")
    add("--annotate", action="store_true", help="print line numbers and section kinds as well")
    add("--no-color", action="store_true", help="print no colors")
    add = command(_metadata, "print the metadata of an article as JSON", article_id)
    add("id", metavar="ID", help="an id, as `newspair list` prints it")
    command(_checksums, "print the SHA-256 of each article", "| sha256sum -c")
    add = command(_validate, "check the packaged data, or copies of it", "tests/data")
    add("paths", metavar="PATH", nargs="*", help="a folder or file (default: the packaged data)")
    add("--json", action="store_true", help="print JSON")
    add = command(_copy, "write the data to a new or empty folder", "tests/data")
    add("directory", metavar="DIR", help="the folder")
    add = command(_export, "print the dataset in another format", "jsonl > articles.jsonl")
    add("format", choices=_EXPORTS, help="the format")
    return parser


def _text(text: str) -> bytes:
    """Encode text for people, in the encoding of their terminal."""
    return text.encode(getattr(sys.stdout, "encoding", "utf-8"), "backslashreplace")


def _json(value: object) -> bytes:
    """Encode JSON for programs, in UTF-8."""
    import json

    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _record(article_id: ArticleId) -> dict[str, Any]:
    import json

    record: dict[str, Any] = json.loads(_files.read_record(article_id))
    return record


def _list(arguments: argparse.Namespace) -> tuple[int, bytes]:
    names = ("id", "size", "sha256", "date_created", "headline")
    rows = [{name: _record(each)[name] for name in names} for each in _files.ids()]
    lines = ("  ".join(str(value or "-") for value in row.values()) for row in rows)
    text = "".join(f"{line}\n" for line in lines)
    return EXIT_OK, _json(rows) if arguments.json else _text(text)


def _show(arguments: argparse.Namespace) -> tuple[int, bytes]:
    kind: str | None = arguments.section
    if kind is None and not arguments.annotate:
        return EXIT_OK, _files.read_bytes(arguments.id)
    from ._sections import annotate, part

    record = _record(arguments.id)
    text, sections = record["text"], [tuple(each.values()) for each in record["sections"]]
    if kind is None:
        terminal, dumb = sys.stdout.isatty(), os.environ.get("TERM") == "dumb"
        color = terminal and not (arguments.no_color or os.environ.get("NO_COLOR") or dumb)
        width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else 0
        return EXIT_OK, _text(annotate(text, sections, width=width, color=color))
    if arguments.annotate:
        raise NewspairError("--section and --annotate cannot be used together")
    try:
        lines = part(text, sections, kind)
    except ValueError as error:
        raise NewspairError(str(error)) from error
    if not lines:
        kinds = ", ".join(sorted({each for each, _, _ in sections}))
        raise NewspairError(f"{arguments.id} has no section {kind!r}; it has {kinds}")
    return EXIT_OK, lines.encode()


def _metadata(arguments: argparse.Namespace) -> tuple[int, bytes]:
    record = _record(arguments.id)
    return EXIT_OK, _json({key: record[key] for key in record if key not in ("text", "body")})


def _checksums(_: argparse.Namespace) -> tuple[int, bytes]:
    return EXIT_OK, _files.read_verified("SHA256SUMS")


def _validate(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from ._validation import holds_articles, validate

    reports = [(path, validate(path)) for path in arguments.paths or [None]]
    problems = [problem for _, report in reports for problem in report.problems]
    lines = []
    for path, report in reports:
        name = "the packaged data" if path is None else printable(path)
        at = f"{name}: " if len(reports) > 1 else ""
        lines += [f"{at}{problem.message}" for problem in report.problems]
        lines += [f"{name}: genuine"] if report else []
        lines += [f"{at}both articles are genuine"] if not report and holds_articles(path) else []
    objects = {"ok": not problems, "problems": [problem._asdict() for problem in problems]}
    text = _text("".join(f"{line}\n" for line in lines))
    return EXIT_NOT_GENUINE if problems else EXIT_OK, _json(objects) if arguments.json else text


def _copy(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from ._validation import copy, is_occupied

    occupied = is_occupied(arguments.directory)
    path = printable(str(copy(arguments.directory)))
    return EXIT_OK, _text(f"{path}: already a genuine copy\n" if occupied else f"{path}: written\n")


def _export(arguments: argparse.Namespace) -> tuple[int, bytes]:
    return EXIT_OK, _files.read_verified(_EXPORTS[arguments.format])


if __name__ == "__main__":
    main()
