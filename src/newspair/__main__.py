"""The command ``newspair``, also as ``python -m newspair``."""

import argparse
import os
import sys

from . import __version__
from ._data import checksums, filename_of, ids, read_bytes
from ._errors import IntegrityError, NewspairError, printable, quote

EXIT_OK = 0
EXIT_CHANGED = 1
EXIT_CANNOT = 2
EXIT_CODES = "exit codes: 0 fine, 1 not the original, 2 it cannot be done"
WIDTH = 80  # columns of the help, and of a line of `list`
MAX_ARGUMENT = 4_096  # characters; no path is longer, and errors repeat an argument


class Formatter(argparse.HelpFormatter):
    """Help of a fixed width: asking the terminal takes longer than to print an article."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=WIDTH)


def main(argv: list[str] | None = None) -> int:
    """Run the command line, and return the exit code."""
    try:
        return run(argv)
    except (NewspairError, ImportError) as error:  # pydantic may not be installed
        complain(error)
        return EXIT_CHANGED if isinstance(error, IntegrityError) else EXIT_CANNOT
    except KeyboardInterrupt:
        return EXIT_CANNOT


def run(argv: list[str] | None) -> int:
    """Run a command, and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    for word in words:
        if len(word) > MAX_ARGUMENT:
            raise NewspairError(f"{quote(word)} has more than {MAX_ARGUMENT:,} characters")
    try:
        arguments = make_parser().parse_args(words)
    except OSError as error:  # argparse cannot print the help
        raise NewspairError(f"standard output: {error.strerror}") from error
    except SystemExit as end:  # argparse has printed the help, the version or an error
        write("")  # so that an error of standard output is not lost
        return int(end.code or EXIT_OK)
    code: int = arguments.command(arguments)
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser; it stores the function of the chosen command as ``command``."""
    parser = argparse.ArgumentParser("newspair", formatter_class=Formatter, epilog=EXIT_CODES)
    parser.description = "Two English news articles, byte for byte."
    parser.add_argument("--version", action="version", version=f"newspair {__version__}")
    commands = parser.add_subparsers(prog="newspair", metavar="COMMAND", required=True)

    def add_command(name: str, function: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name, help=text, description=text, formatter_class=Formatter, epilog=EXIT_CODES
        )
        command.set_defaults(command=function)
        return command

    id_help = "an article id, or its first three digits"
    add_command("list", list_articles, "list the articles: id, date, size in bytes, headline")
    command = add_command("show", show, "print the text of an article, byte for byte")
    command.add_argument("id", metavar="ID", help=id_help)
    command.add_argument("--annotate", action="store_true", help="add line numbers and kinds")
    command = add_command("metadata", show_metadata, "print the metadata of an article as JSON")
    command.add_argument("id", metavar="ID", help=id_help)
    add_command("checksums", show_checksums, "print the SHA-256 of the articles, for sha256sum -c")
    command = add_command("validate", validate_paths, "say what was changed in a copy of the data")
    command.add_argument(
        "paths", metavar="PATH", nargs="*", help="a folder or file (default: the packaged data)"
    )
    command.add_argument("--json", action="store_true", help="print JSON")
    command = add_command("copy", copy, "write a copy of the data folder")
    command.add_argument("directory", metavar="DIR", help="the folder; it is made if need be")
    command.add_argument(
        "--overwrite", action="store_true", help="replace the files of a copy: repair or update it"
    )
    return parser


def list_articles(_: argparse.Namespace) -> int:
    """Print a line for each article."""
    from ._article import load_all

    output = ""
    for article in load_all():
        date = "-"
        if article.date_created is not None:
            date = article.date_created.date().isoformat()
        line = f"{article.id}  {date:10}  {article.size:5}  {article.headline or '-'}"
        if len(line) > WIDTH:
            line = f"{line[: WIDTH - 3]}..."
        output += f"{line}\n"
    write(output)
    return EXIT_OK


def show(arguments: argparse.Namespace) -> int:
    """Print the text of an article, or its lines with their numbers and kinds."""
    if not arguments.annotate:
        write(read_bytes(arguments.id))
        return EXIT_OK
    from ._article import labeled_lines, load

    output = ""
    for line in labeled_lines(load(arguments.id)):
        output += f"{line.number:3}  {line.kind or '':10}  {line.text}".rstrip() + "\n"
    write(output)
    return EXIT_OK


def show_metadata(arguments: argparse.Namespace) -> int:
    """Print the metadata of an article as JSON."""
    from ._article import load

    article = load(arguments.id)
    write(article.model_dump_json(exclude={"text", "body"}, indent=2) + "\n")
    return EXIT_OK


def show_checksums(_: argparse.Namespace) -> int:
    """Print the digests of the articles in the format of sha256sum."""
    output = ""
    for article_id, digest in checksums().items():
        output += f"{digest}  {filename_of(article_id)}\n"
    write(output)
    return EXIT_OK


def validate_paths(arguments: argparse.Namespace) -> int:
    """Print what was changed at each path, and complain about those that do not exist."""
    from ._check import validate

    code = EXIT_OK
    output = ""
    problems = []
    for path in arguments.paths or [None]:
        try:
            report = validate(path)
        except NewspairError as error:
            complain(error)
            code = EXIT_CANNOT
            continue
        if report.ok:
            name = "the packaged data" if path is None else printable(path)
            output += f"{name}: unchanged\n"
        else:
            output += f"{report}\n{line_of_repair(path)}"
        problems += [problem._asdict() for problem in report.problems]
    if problems and code == EXIT_OK:
        code = EXIT_CHANGED
    if arguments.json:
        import json

        output = json.dumps({"ok": code == EXIT_OK, "problems": problems}, indent=2) + "\n"
    write(output)
    return code


def line_of_repair(path: str | None) -> str:
    """Return the line that says how to repair what is at a path, if that can be said."""
    if path is None:
        return "To repair it, install newspair again, or restore a checkout with git.\n"
    places = [os.path.join(path, filename_of(article_id)) for article_id in ids()]
    if path.isprintable() and any(os.path.lexists(place) for place in places):
        import shlex

        return f"To repair it, run: newspair copy --overwrite {shlex.quote(path)}\n"
    return ""


def copy(arguments: argparse.Namespace) -> int:
    """Write a copy of the data folder, and say so."""
    from ._folder import copy_data

    path = copy_data(arguments.directory, overwrite=arguments.overwrite)
    write(f"{printable(str(path))}: holds the data of newspair {__version__}\n")
    return EXIT_OK


def write(output: str | bytes) -> None:
    """Write to standard output: bytes as they are, and text with LF on every system.

    Raises:
        NewspairError: It cannot be written.
    """
    if sys.stdout is None:
        raise NewspairError("standard output is closed")
    if isinstance(output, str):
        output = output.encode(sys.stdout.encoding, "backslashreplace")
    try:
        sys.stdout.buffer.write(output)
        sys.stdout.flush()
    except OSError as error:
        # Python tries once more at exit to write what is left: let it go nowhere then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # that is a reader who has seen enough
            raise NewspairError(f"standard output: {error.strerror}") from error


def complain(error: Exception) -> None:
    """Print a message on standard error, unless that is closed."""
    if sys.stderr is not None:
        sys.stderr.write(f"newspair: error: {error}\n")


if __name__ == "__main__":
    sys.exit(main())
