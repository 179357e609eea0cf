"""Checks that this Python is new enough, in words that an old one can still read.

The rest of this folder sets a checkout up and runs it, with the standard library alone. Only reloading.py and
catalogue.py use more: they are started when all is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this is the check for an old Python
    sys.exit(
        "Goenには Python 3.11 以上が必要です。この python3 は {0}.{1} です。\n"
        "Goen needs Python 3.11 or newer; python3 here is {0}.{1}.".format(*sys.version_info[:2])
    )
