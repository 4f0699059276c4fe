from ._article import Article as Article
from ._article import Evidence as Evidence
from ._article import Quotation as Quotation
from ._article import Section as Section
from ._article import load as load
from ._article import load_all as load_all
from ._check import validate as validate
from ._data import checksums as checksums
from ._data import ids as ids
from ._data import read_bytes as read_bytes
from ._data import read_text as read_text
from ._errors import IntegrityError as IntegrityError
from ._errors import NewspairError as NewspairError
from ._errors import UnknownArticleError as UnknownArticleError
from ._folder import copy_data as copy_data
from ._folder import path as path
from ._report import Problem as Problem
from ._report import Report as Report

__version__: str
