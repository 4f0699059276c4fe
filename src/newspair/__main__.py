"""``python -m newspair``: the same program as ``newspair``."""

import sys

from .cli import main

sys.exit(main())
