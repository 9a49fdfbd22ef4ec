"""Writes docs/doctor.md from the kinds of findings: `python -m tillbridge.doctor.page > docs/doctor.md`."""

import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Final

from tillbridge.doctor import (
    clock,
    connection_kinds,
    database,
    disk,
    examining,
    key,
    migrations,
    plugins,
    pos,
    postgresql,
    records,
    sqlite_kinds,
    waiting,
)
from tillbridge.doctor.findings import Kind

_MODULES: Final = (
    key,
    clock,
    database,
    sqlite_kinds,
    postgresql,
    migrations,
    records,
    waiting,
    disk,
    connection_kinds,
    plugins,
    pos,
    examining,
)
# Of what is said of one and of many, the page shows the many.
_COUNTED: Final = re.compile(r"\{(\w+):[^|{}]*\|([^{}]*)\}")
_HEAD: Final = """\
# The doctor

`tillbridge doctor` looks at everything that a shop's tillbridge stands on, and says of each thing that is
not as it should be: what is wrong, what it means for the shop, and what to do. It changes nothing: it makes
no database, no key and no file, writes no row, and tells webstores nothing. It works where nothing else does,
and what fails while it looks is one more finding.

```console
$ tillbridge doctor
$ tillbridge doctor --offline
$ tillbridge doctor --json
```

With `--offline` no webstore is asked. Each webstore gets 15 seconds, each check 40. The exit code is 0 where
all is good, and 1 where something needs a person.

A program asks the same:

```python
from tillbridge.doctor import examine

for finding in examine("sqlite:///shop.db").findings:
    print(finding.code, finding.standing, finding.wrong.en, finding.means.en, finding.remedy.en)
```

A host that gives its engine its own point of sale, clock or key gives the doctor the same `Options`.

## Every finding

Made from the code: `python -m tillbridge.doctor.page > docs/doctor.md`. What stands in braces is filled in.
*Broken*: something does not work. *Look*: it works, and a person should look.

"""


def kinds() -> Iterator[Kind]:
    """Yield every kind of finding, check by check."""
    for module in _MODULES:
        yield from _of(module)


def _of(module: ModuleType) -> Iterator[Kind]:
    yield from (one for one in vars(module).values() if isinstance(one, Kind))


def page() -> str:
    """Return the page."""
    lines = ["| finding | | what is wrong | what it means | what to do |", "|---|---|---|---|---|"]
    lines += [
        f"| `{kind.code}` | {kind.standing} | "
        + " | ".join(_cell(words.en) for words in (kind.wrong, kind.means, kind.remedy))
        + " |"
        for kind in kinds()
    ]
    return _HEAD + "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return _COUNTED.sub(r"{\1} \2", text).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
