"""An article: its text, what is known of it, and its parts."""

from .identifiers import ArticleId
from .manifest import NewsArticle, SectionKind, load_manifest
from .reading import filename_of, ids, read_text


class Article(NewsArticle, frozen=True):
    """One article, frozen and hashable: all fields of `NewsArticle`, and those of its file.

    ``size`` is in bytes, ``sha256`` in lower-case hexadecimal, ``language`` a BCP 47 tag judged
    from the whole text; ``text`` is the whole text, exactly as supplied.
    """

    id: ArticleId
    filename: str
    size: int
    sha256: str
    encoding: str
    text: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; index 0 is line 1."""
        return tuple(self.text.removesuffix("\n").split("\n"))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the story alone, without headings and page chrome."""
        return tuple(line for line in self.part("body").split("\n") if line)

    @property
    def body(self) -> str:
        """The story alone: its paragraphs, joined by a blank line."""
        return "\n\n".join(self.paragraphs)

    @property
    def line_count(self) -> int:
        """How many lines there are, blank ones included."""
        return len(self.lines)

    @property
    def word_count(self) -> int:
        """How many words there are: runs of anything but white space."""
        return len(self.text.split())

    @property
    def character_count(self) -> int:
        """How many characters (Unicode code points) there are."""
        return len(self.text)

    @property
    def non_ascii_count(self) -> int:
        """How many characters beyond ASCII there are."""
        return sum(not character.isascii() for character in self.text)

    def part(self, kind: SectionKind) -> str:
        """Return the lines of all sections of a kind, line ends included, a blank line between."""
        lines = self.text.splitlines(keepends=True)
        wanted = (section for section in self.sections if section.kind == kind)
        return "\n".join("".join(lines[each.first_line - 1 : each.last_line]) for each in wanted)


_loaded: dict[ArticleId, Article] = {}


def load(article_id: ArticleId) -> Article:
    """Return an article, the same object each time.

    Raises `UnknownArticleError`, or `IntegrityError` or `ManifestError` if its file or the
    packaged metadata are not genuine.
    """
    try:
        return _loaded[article_id]
    except (KeyError, TypeError):  # not yet loaded; or not even hashable, which is refused below
        filename = filename_of(article_id)
    index = ids().index(article_id)
    resource = load_manifest().resources[index]
    # Each value was validated with the manifest; a second validator would cost what reading does.
    article = Article.model_construct(
        id=ids()[index],
        filename=filename,
        size=resource.bytes,
        sha256=resource.hash.removeprefix("sha256:"),
        encoding=resource.encoding,
        text=read_text(article_id),
        **{name: getattr(resource, name) for name in NewsArticle.model_fields},
    )
    return _loaded.setdefault(article_id, article)


def load_all() -> tuple[Article, ...]:
    """Return both articles, in file order; raises what `load` raises."""
    return tuple(load(article_id) for article_id in ids())
