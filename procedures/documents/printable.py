"""Text as it can be printed: portal.lib.printable, which accounts uses too."""

from portal.lib.printable import (
    VIETNAM,
    grouped_digest,
    in_vietnam,
    long_date,
    long_moment,
    printable,
)

__all__ = ["VIETNAM", "grouped_digest", "in_vietnam", "long_date", "long_moment", "printable"]
