"""Interrupts a client while it waits for an answer: interrupted.py STORE COMMAND…; prints what came of each step as JSON."""

import json
import sys

from keyfold import Ledger
from once import once

ledger = Ledger(sys.argv[1], sys.argv[2:])
runs = []


def key(name):
    return {"tenant": {"org_id": "acme", "workspace_id": "shop"}, "operation": "charge", "key": name}


def charge(name):
    runs.append(name)
    return name


class Interrupted:
    """The answers of a process whose caller presses Ctrl-C before the first of them is there."""

    def __init__(self, stdout):
        self.stdout = stdout

    def readline(self):
        ledger.batch.stdout = self.stdout
        raise KeyboardInterrupt


def interrupt():
    ledger.batch.stdout = Interrupted(ledger.batch.stdout)
    return "order-2"


story = [once(ledger, key("order-1"), "f", lambda: charge("order-1"))]
try:
    once(ledger, key("order-2"), "f", interrupt)
except KeyboardInterrupt:
    story.append("interrupted")
# each is answered with what is its own
story.append(once(ledger, key("order-3"), "f", lambda: charge("order-3")))
story.append(once(ledger, key("order-1"), "f", lambda: charge("order-1")))
story.append(once(ledger, key("order-3"), "f", lambda: charge("order-3")))
story.append(runs)
ledger.close()
print(json.dumps(story))
