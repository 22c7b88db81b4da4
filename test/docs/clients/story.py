"""Plays a story on a ledger: story.py STORE COMMAND…; prints what came of each step as JSON."""

import json
import sys

from keyfold import Ledger, Refused
from once import NothingHappened, once

ledger = Ledger(sys.argv[1], sys.argv[2:])
runs = []


def key(name):
    return {"tenant": {"org_id": "acme", "workspace_id": "shop"}, "operation": "charge", "key": name}


def work(result=None, error=None):
    def run():
        runs.append(result)
        if error is not None:
            raise error
        return result

    return run


def said(name, fingerprint, task):
    try:
        return once(ledger, key(name), fingerprint, task)
    except Refused as refused:
        error = refused.answer.get("error")
        return error["tag"] if error else refused.answer["result"]
    except Exception as error:
        return type(error).__name__


story = [
    said("order-1", "amount=10", work({"charged": 10})),
    said("order-1", "amount=10", work({"charged": 11})),
    said("order-1", "amount=99", work({"charged": 99})),
    said(" ", "amount=10", work()),
    said("order-2", "amount=10", work(error=NothingHappened())),
    said("order-2", "amount=10", work("é😀")),
    said("order-3", "amount=10", work(error=TimeoutError())),
    said("order-3", "amount=10", work()),
]
held = ledger.ask("reserve", **key("order-4"), owner="other", request_fingerprint="f", lease_ms=60_000)
story.append(said("order-4", "f", work()))
story.append(held["epoch"])
ledger.ask("reserve", **key("order-5"), owner="dead", request_fingerprint="f", lease_ms=1, now_ms=0)
story.append(said("order-5", "f", work()))
story.append(said("order-5", "f", work()))
story.append(said("order-6", "f", work("x" * 600_000)))
story.append(said("order-6", "f", work()))
said("order-7", "f", work(float("nan")))
story.append(said("order-7", "f", work()))
# it dies under its caller, who notices nothing
ledger.batch.kill()
story.append(said("order-1", "amount=10", work()))
story.append(len(runs))
ledger.close()
print(json.dumps(story))
