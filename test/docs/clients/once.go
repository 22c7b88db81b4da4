package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
)

// Fields of a line, or of a key.
type Fields map[string]any

// ErrNothingHappened is returned by work that is certain to have had no effect.
var ErrNothingHappened = errors.New("nothing happened")

// ErrTakenOver says that an earlier holder began the work and told nothing of it. It was not run again: look whether it was done.
var ErrTakenOver = errors.New("taken over")

// Once does work once for a key: tenant, operation and key. It gives its result, which is JSON, however often it is asked.
func Once(l *Ledger, key Fields, fingerprint string, work func() (any, error)) (json.RawMessage, error) {
	id := make([]byte, 16)
	rand.Read(id)
	hold := Fields{"op": "reserve", "owner": "go", "request_fingerprint": fingerprint, "lease_ms": 30_000}
	hold["claim_id"] = fmt.Sprintf("%x", id)
	for name, value := range key {
		hold[name] = value
	}
	answer, err := l.Ask(hold)
	if err == nil && answer.Result == "reserved" {
		claim, known := answer.Claim, false
		defer func() { // after a panic too, nobody knows: whoever asks next is told so, until somebody looks
			if !known {
				l.Ask(Fields{"op": "mark_in_doubt", "claim": claim, "note": "once"})
			}
		}()
		if answer.Takeover {
			return nil, ErrTakenOver
		}
		details, failed := work()
		if errors.Is(failed, ErrNothingHappened) {
			known = true
			l.Ask(Fields{"op": "release", "claim": claim})
		}
		if failed != nil {
			return nil, failed
		}
		outcome := Fields{"outcome_kind": "done", "details": details}
		// NaN, or what is too large, is refused here
		answer, err = l.Ask(Fields{"op": "complete", "claim": claim, "outcome": outcome})
		known = err == nil && answer.Fault.Tag == ""
	}
	if err != nil {
		return nil, err
	}
	settled := answer.Result == "completed" || answer.Result == "already_completed" || answer.Result == "duplicate"
	var outcome struct{ Details json.RawMessage }
	if settled && json.Unmarshal(answer.Record.Outcome, &outcome) == nil {
		return outcome.Details, nil
	}
	return nil, answer // a fault, in flight ("duplicate" without an outcome), in_doubt, conflict, gone, claim_lost
}
