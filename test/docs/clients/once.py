import uuid

from keyfold import Refused


class NothingHappened(Exception):
    """Raised by work that is certain to have had no effect."""


class TakenOver(Exception):
    """An earlier holder of the key began the work and told nothing of it. It was not run again: look whether it was done."""


def once(ledger, key, fingerprint, work, lease_ms=30_000):
    """Does work once for a key, a dict of tenant, operation and key. Gives its result, which is JSON, however often asked."""
    hold = {"owner": "python", "request_fingerprint": fingerprint, "lease_ms": lease_ms, "claim_id": str(uuid.uuid4())}
    answer = ledger.ask("reserve", **key, **hold)
    if answer["result"] == "reserved":
        claim = answer["claim"]
        try:
            if answer.get("takeover"):
                raise TakenOver
            outcome = {"outcome_kind": "done", "details": work()}
            answer = ledger.ask("complete", claim=claim, outcome=outcome)  # NaN, or what is too large, is refused here
        except NothingHappened:
            ledger.ask("release", claim=claim)
            raise
        except BaseException as error:  # nobody knows: whoever asks next is told so, until somebody looks
            ledger.ask("mark_in_doubt", claim=claim, note=type(error).__name__)
            raise
    if answer["result"] in ("completed", "already_completed", "duplicate") and "outcome" in answer["record"]:
        return answer["record"]["outcome"]["details"]
    raise Refused(answer)  # in flight ("duplicate" without an outcome), in_doubt, conflict, gone, claim_lost
