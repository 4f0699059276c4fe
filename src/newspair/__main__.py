"""The ``newspair`` command, also as ``python -m newspair``; it never needs pydantic."""

from __future__ import annotations

import argparse
import os
import sys

from . import __version__, _files
from ._errors import IntegrityError, NewspairError, printable, quote

TYPE_CHECKING = False  # as in __init__.py
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, NoReturn

    from ._sections import ArticleId

    _Run = Callable[[argparse.Namespace], tuple[int, bytes]]

EXIT_OK, EXIT_NOT_GENUINE, EXIT_CANNOT, EXIT_INTERRUPTED = 0, 1, 2, 130
_EXIT_CODES = "exit codes: 0 fine, 1 not genuine, 2 it cannot be done"
_EXPORTS = {"jsonl": "articles.jsonl", "croissant": "croissant.json"}
_STDOUT, _STDERR = 1, 2


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the command line; end with `SystemExit` and the exit code."""
    code = EXIT_OK
    try:
        arguments = _parser().parse_args(argv)
        code, output = arguments.run(arguments)
        _write(_STDOUT, output)
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except BrokenPipeError:
        pass  # the reader has seen enough
    except (NewspairError, OSError) as error:
        code = EXIT_NOT_GENUINE if isinstance(error, IntegrityError) else EXIT_CANNOT
        reason = f"standard output: {error.strerror}" if isinstance(error, OSError) else error
        from contextlib import suppress

        with suppress(OSError):  # the exit code says it
            _write(_STDERR, _encode(f"newspair: error: {reason}\n"))
    sys.exit(code)


def _write(descriptor: int, data: bytes) -> None:
    """Write all bytes to a standard stream; raise OSError now, not when Python ends."""
    with open(descriptor, "wb", closefd=False) as stream:
        stream.write(data)


def _encode(text: str) -> bytes:
    """Encode text for people, in the encoding of their terminal."""
    return text.encode(getattr(sys.stdout, "encoding", "utf-8"), "backslashreplace")


class _Parser(argparse.ArgumentParser):
    def _print_message(self, message: str, file: object = None) -> None:
        """Write help or an error, printable; argparse ignores that it cannot be written."""
        lines = (line if line.isprintable() else ascii(line) for line in message.split("\n"))
        _write(_STDOUT if file is sys.stdout else _STDERR, _encode("\n".join(lines)))


def _parser() -> argparse.ArgumentParser:
    options: dict[str, Any] = {"allow_abbrev": False}
    # Without a width, argparse would import shutil to ask the terminal.
    options["formatter_class"] = lambda prog: argparse.RawDescriptionHelpFormatter(prog, width=80)
    title = "Two English news articles, byte for byte."
    parser = _Parser("newspair", description=title, epilog=_EXIT_CODES, **options)
    parser.add_argument("--version", action="version", version=f"newspair {__version__}")
    commands, article_id = parser.add_subparsers(metavar="COMMAND", required=True), _files.ids()[1]

    def command(name: str, run: _Run, text: str, example: str) -> Callable[..., object]:
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
    add = command(
        "export", _export, "print the dataset in another format", "jsonl > articles.jsonl"
    )
    add("format", choices=_EXPORTS, help="the format")
    return parser


def _record(article_id: ArticleId) -> dict[str, Any]:
    import json

    record: dict[str, Any] = json.loads(_files.read_record(article_id))
    return record


def _json(value: object) -> bytes:
    import json

    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _list(arguments: argparse.Namespace) -> tuple[int, bytes]:
    names = ("id", "size", "sha256", "date_created", "headline")
    rows = [{name: _record(each)[name] for name in names} for each in _files.ids()]
    lines = ("  ".join(str(value or "-") for value in row.values()) + "\n" for row in rows)
    return EXIT_OK, _json(rows) if arguments.json else _encode("".join(lines))


def _show(arguments: argparse.Namespace) -> tuple[int, bytes]:
    if arguments.section is None and not arguments.annotate:
        return EXIT_OK, _files.read_bytes(arguments.id)
    from ._sections import annotate, part

    record = _record(arguments.id)
    text, sections = record["text"], [tuple(each.values()) for each in record["sections"]]
    if arguments.section is None:
        terminal, dumb = os.isatty(_STDOUT), os.environ.get("TERM") == "dumb"
        color = terminal and not (arguments.no_color or os.environ.get("NO_COLOR") or dumb)
        return EXIT_OK, _encode(annotate(text, sections, color=color))
    if arguments.annotate:
        raise NewspairError("--section and --annotate cannot be used together")
    kinds = sorted({kind for kind, _, _ in sections})
    if arguments.section not in kinds:
        kind = quote(arguments.section)
        raise NewspairError(f"{arguments.id} has no section {kind}; it has {', '.join(kinds)}")
    return EXIT_OK, part(text, sections, arguments.section).encode()


def _metadata(arguments: argparse.Namespace) -> tuple[int, bytes]:
    record = _record(arguments.id)
    return EXIT_OK, _json({key: record[key] for key in record if key not in ("text", "body")})


def _validate(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from ._validation import validate

    lines, descriptions = list[str](), {name for name in _files.DIGESTS if ".txt" not in name}
    reports = [(path, validate(path)) for path in arguments.paths or [None]]
    problems = [problem for _, report in reports for problem in report.problems]
    for path, report in reports:
        name = "the packaged data" if path is None else printable(path)
        at = f"{name}: " if len(reports) > 1 else ""
        lines += [f"{at}{problem.message}" for problem in report.problems] or [f"{name}: genuine"]
        wrong = {problem.file for problem in report.problems if problem.check != "unexpected"}
        if not report and wrong <= descriptions and (path is None or os.path.isdir(path)):
            lines.append(f"{at}both articles are genuine")
    objects = {"ok": not problems, "problems": [problem._asdict() for problem in problems]}
    text = _encode("".join(f"{line}\n" for line in lines))
    return EXIT_NOT_GENUINE if problems else EXIT_OK, _json(objects) if arguments.json else text


def _copy(arguments: argparse.Namespace) -> tuple[int, bytes]:
    from ._validation import copy

    already = os.path.lexists(os.path.join(arguments.directory, "SHA256SUMS"))
    path = printable(str(copy(arguments.directory)))
    return EXIT_OK, _encode(f"{path}: {'already a genuine copy' if already else 'written'}\n")


def _export(arguments: argparse.Namespace) -> tuple[int, bytes]:
    filename = _EXPORTS[arguments.format] if "format" in arguments else "SHA256SUMS"
    return EXIT_OK, _files.read_verified(filename)


if __name__ == "__main__":
    main()
