"""The ids of the two articles, as a type."""

from typing import Literal

ArticleId = Literal["000_11fb25597ae0a89a", "003_ced7b9f589f8a978"]
