"""The ``newspair`` command, also as ``python -m newspair``; it never needs pydantic."""

import argparse
import os
import sys

from . import __version__, _files
from ._errors import IntegrityError, NewspairError, printable, quote

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

EXIT_OK, EXIT_NOT_GENUINE, EXIT_CANNOT, EXIT_INTERRUPTED = 0, 1, 2, 130
_EXIT_CODES = "exit codes: 0 fine, 1 not genuine, 2 it cannot be done"
_EXPORTS = {"jsonl": "articles.jsonl", "croissant": "croissant.json"}
_STDOUT, _STDERR = 1, 2


def main(argv: list[str] | None = None) -> None:
    """Run the command line; end with `SystemExit` and the exit code."""
    try:
        arguments = _parser().parse_args(argv)
        code, output = arguments.run(arguments)
        _write(_STDOUT, output)
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except (NewspairError, OSError) as error:
        code = EXIT_NOT_GENUINE if isinstance(error, IntegrityError) else EXIT_CANNOT
        _write(_STDERR, f"newspair: error: {error}\n")
    sys.exit(code)


def _write(descriptor: int, output: object) -> None:
    """Write bytes as they are, text in the encoding of the terminal, other values as JSON."""
    if isinstance(output, str):
        output = output.encode(getattr(sys.stdout, "encoding", None) or "utf-8", "backslashreplace")
    elif not isinstance(output, bytes):
        import json

        output = f"{json.dumps(output, ensure_ascii=False, indent=2)}\n".encode()
    try:
        with open(descriptor, "wb", closefd=False) as stream:
            stream.write(output)
    except OSError as error:
        # The reader of a pipe may stop early; of standard error, the exit code says enough.
        if descriptor == _STDOUT and not isinstance(error, BrokenPipeError):
            raise NewspairError(f"standard output: {error.strerror}") from error


class _Parser(argparse.ArgumentParser):
    def _print_message(self, message: str, file: object = None) -> None:
        """Write help or an error, printable; argparse ignores that it cannot be written."""
        lines = (line if line.isprintable() else ascii(line) for line in message.split("\n"))
        _write(_STDOUT if file is sys.stdout else _STDERR, "\n".join(lines))


def _parser() -> argparse.ArgumentParser:
    options: dict[str, Any] = {"allow_abbrev": False}
    # Without a width, argparse would import shutil to ask the terminal.
    options["formatter_class"] = lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=80)
    title = "Two English news articles, byte for byte."
    parser = _Parser("newspair", description=title, epilog=_EXIT_CODES, **options)
    parser.add_argument("--version", action="version", version=f"newspair {__version__}")
    commands, article_id = parser.add_subparsers(metavar="COMMAND", required=True), _files.ids()[1]

    def command(name: str, run: object, text: str, example: str) -> "Callable[..., object]":
        epilog = f"example: newspair {name} {example}\n{_EXIT_CODES}"
        added = commands.add_parser(name, help=text, description=text, epilog=epilog, **options)
        added.set_defaults(run=run)
        return added.add_argument

    add = command("list", _list, "list the articles: id, size, SHA-256, date, headline", "--json")
    add("--json", action="store_true", help="print JSON")
    add = command("show", _show, "print an article, byte for byte", f"{article_id} --annotate")
    add("id", metavar="ID", help="an id, as `newspair list` prints it")
    add("--section", metavar="KIND", help="print only the sections of one kind, such as body")
    add("--annotate", action="store_true", help="print line numbers and section kinds as well")
    add("--no-color", action="store_true", help="print no colors")
    add = command("metadata", _metadata, "print the metadata of an article as JSON", article_id)
    add("id", metavar="ID", help="an id, as `newspair list` prints it")
    command("checksums", _export, "print the SHA-256 of each article", "| sha256sum -c")
    add = command("validate", _validate, "check the packaged data, or copies of it", "tests/data")
    add("paths", metavar="PATH", nargs="*", help="a folder or file (default: the packaged data)")
    add("--json", action="store_true", help="print JSON")
    add = command("copy", _copy, "write the data to a new or empty folder", "tests/data")
    add("directory", metavar="DIR", help="the folder")
    add = command("export", _export, "print the dataset in another format", "croissant")
    add("format", choices=_EXPORTS, help="the format")
    return parser


def _list(arguments: argparse.Namespace) -> tuple[int, object]:
    names = ("id", "size", "sha256", "date_created", "headline")
    records = map(_files.read_record, _files.ids())
    rows = [{name: record[name] for name in names} for record in records]
    lines = ("  ".join(str(value or "-") for value in row.values()) + "\n" for row in rows)
    return EXIT_OK, rows if arguments.json else "".join(lines)


def _show(arguments: argparse.Namespace) -> tuple[int, object]:
    if arguments.section is None and not arguments.annotate:
        return EXIT_OK, _files.read_bytes(arguments.id)
    from ._sections import annotate, part

    record = _files.read_record(arguments.id)
    if arguments.section is None:
        plain = arguments.no_color or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return EXIT_OK, annotate(record, color=os.isatty(_STDOUT) and not plain)
    if arguments.annotate:
        raise NewspairError("--section and --annotate cannot be used together")
    if found := part(record, arguments.section):
        return EXIT_OK, found.encode()
    kinds = ", ".join(sorted({section["kind"] for section in record["sections"]}))
    raise NewspairError(f"{arguments.id} has no section {quote(arguments.section)}; it has {kinds}")


def _metadata(arguments: argparse.Namespace) -> tuple[int, object]:
    record = _files.read_record(arguments.id)
    return EXIT_OK, {key: record[key] for key in record if key not in ("text", "body")}


def _validate(arguments: argparse.Namespace) -> tuple[int, object]:
    from ._validation import validate

    lines, problems = list[str](), list[dict[str, object]]()
    paths = arguments.paths or [None]
    descriptions = {name for name in _files.DIGESTS if ".txt" not in name}
    for path in paths:
        report = validate(path)
        name = "the packaged data" if path is None else printable(path)
        at = f"{name}: " if len(paths) > 1 else ""
        lines += [f"{at}{problem.message}" for problem in report.problems] or [f"{name}: genuine"]
        problems += [problem._asdict() for problem in report.problems]
        wrong = {problem.file for problem in report.problems if problem.check != "unexpected"}
        if not report and wrong <= descriptions and (path is None or os.path.isdir(path)):
            lines.append(f"{at}both articles are genuine")
    code, text = EXIT_NOT_GENUINE if problems else EXIT_OK, "".join(f"{each}\n" for each in lines)
    return code, {"ok": not problems, "problems": problems} if arguments.json else text


def _copy(arguments: argparse.Namespace) -> tuple[int, object]:
    from ._validation import copy

    already = os.path.lexists(os.path.join(arguments.directory, "SHA256SUMS"))
    path = printable(str(copy(arguments.directory)))
    return EXIT_OK, f"{path}: {'already a genuine copy' if already else 'written'}\n"


def _export(arguments: argparse.Namespace) -> tuple[int, object]:
    filename = _EXPORTS[arguments.format] if "format" in arguments else "SHA256SUMS"
    return EXIT_OK, _files.read_verified(filename)


if __name__ == "__main__":
    main()
