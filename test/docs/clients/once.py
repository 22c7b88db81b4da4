import uuid

from keyfold import Refused


class NothingHappened(Exception):
    """Raised by work that is certain to have had no effect."""


def once(ledger, key, fingerprint, work, lease_ms=30_000):
    """Does work once for a key, a dict of tenant, operation and key. Gives its result, which is JSON, however often asked."""
    hold = {"owner": "python", "request_fingerprint": fingerprint, "lease_ms": lease_ms, "claim_id": str(uuid.uuid4())}
    answer = ledger.ask("reserve", **key, **hold)
    if answer["result"] == "reserved":
        claim = answer["claim"]
        try:
            outcome = {"outcome_kind": "done", "details": work()}
        except NothingHappened:
            ledger.ask("release", claim=claim)
            raise
        except BaseException as error:  # nobody knows: whoever asks next is told so, until somebody looks
            ledger.ask("mark_in_doubt", claim=claim, note=type(error).__name__)
            raise
        answer = ledger.ask("complete", claim=claim, outcome=outcome)
    if answer["result"] in ("completed", "already_completed", "duplicate") and "outcome" in answer["record"]:
        return answer["record"]["outcome"]["details"]
    raise Refused(answer)  # in flight ("duplicate" without an outcome), in_doubt, conflict, gone, claim_lost
