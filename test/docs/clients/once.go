package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrNothingHappened is returned by work that is certain to have had no effect.
var ErrNothingHappened = errors.New("nothing happened")

// Once does work once for a key: tenant, operation and key. It gives its result, which is JSON, however often it is asked.
func Once(l *Ledger, key Fields, fingerprint string, work func() (any, error)) (json.RawMessage, error) {
	id := make([]byte, 16)
	rand.Read(id)
	hold := Fields{"owner": "go", "request_fingerprint": fingerprint, "lease_ms": 30_000, "claim_id": fmt.Sprintf("%x", id)}
	for name, value := range key {
		hold[name] = value
	}
	answer, err := l.Ask("reserve", hold)
	if err == nil && answer.Result == "reserved" {
		claim := answer.Claim
		details, failed := work()
		if errors.Is(failed, ErrNothingHappened) {
			l.Ask("release", Fields{"claim": claim})
			return nil, failed
		}
		if failed != nil { // nobody knows: whoever asks next is told so, until somebody looks
			l.Ask("mark_in_doubt", Fields{"claim": claim, "note": failed.Error()})
			return nil, failed
		}
		outcome := Fields{"outcome_kind": "done", "details": details}
		answer, err = l.Ask("complete", Fields{"claim": claim, "outcome": outcome})
	}
	if err != nil {
		return nil, err
	}
	settled := answer.Result == "completed" || answer.Result == "already_completed" || answer.Result == "duplicate"
	if settled && answer.Record.Outcome != nil {
		return answer.Record.Outcome.Details, nil
	}
	return nil, answer // in flight ("duplicate" without an outcome), in_doubt, conflict, gone, claim_lost
}
