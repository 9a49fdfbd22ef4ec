"""A worker in a process of its own: says "ready", reads a database and drafts, prints the answers it got."""

import json
import sys

from tillbridge.clock import SystemClock
from tillbridge.db.database import Database
from tillbridge.model.drafts import SaleDraft
from tillbridge.pos.embedded import EmbeddedPos

if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    given = json.loads(sys.stdin.readline())
    database = Database(given["url"])
    drafts = [SaleDraft.model_validate_json(draft) for draft in given["drafts"]]
    answers = EmbeddedPos(database, SystemClock()).open_sales(drafts)
    database.close()
    sys.stdout.write("\n".join(f"{key} {answer}" for key, answer in sorted(answers.items(), key=str)))
