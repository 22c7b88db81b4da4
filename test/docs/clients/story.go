// Plays a story on a ledger: story STORE COMMAND…; prints what came of each step as JSON.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
)

func main() {
	ledger := &Ledger{Command: append(append([]string{}, os.Args[2:]...), "batch", "--store", os.Args[1])}
	runs := 0
	key := func(name string) Fields {
		tenant := Fields{"org_id": "acme", "workspace_id": "shop"}
		return Fields{"tenant": tenant, "operation": "charge", "key": name}
	}
	work := func(result any, err error) func() (any, error) {
		return func() (any, error) {
			runs++
			return result, err
		}
	}
	said := func(name, fingerprint string, task func() (any, error)) any {
		details, err := Once(ledger, key(name), fingerprint, task)
		var refused Answer
		switch {
		case errors.As(err, &refused):
			return refused.Result + refused.Fault.Tag
		case errors.Is(err, ErrNothingHappened):
			return "NothingHappened"
		case errors.Is(err, ErrTakenOver):
			return "TakenOver"
		case err != nil:
			return err.Error()
		}
		return details
	}
	story := []any{
		said("order-1", "amount=10", work(Fields{"charged": 10}, nil)),
		said("order-1", "amount=10", work(Fields{"charged": 11}, nil)),
		said("order-1", "amount=99", work(Fields{"charged": 99}, nil)),
		said(" ", "amount=10", work(nil, nil)),
		said("order-2", "amount=10", work(nil, ErrNothingHappened)),
		said("order-2", "amount=10", work("é😀", nil)),
		said("order-3", "amount=10", work(nil, errors.New("TimeoutError"))),
		said("order-3", "amount=10", work(nil, nil)),
	}
	hold := key("order-4")
	hold["op"] = "reserve"
	hold["owner"], hold["request_fingerprint"], hold["lease_ms"] = "other", "f", 60_000
	held, _ := ledger.Ask(hold)
	var claim struct{ Epoch int }
	json.Unmarshal(held.Claim, &claim)
	story = append(story, said("order-4", "f", work(nil, nil)), claim.Epoch)
	dead := key("order-5")
	dead["op"] = "reserve"
	dead["owner"], dead["request_fingerprint"], dead["lease_ms"], dead["now_ms"] = "dead", "f", 1, 0
	ledger.Ask(dead)
	story = append(story, said("order-5", "f", work(nil, nil)), said("order-5", "f", work(nil, nil)))
	large := strings.Repeat("x", 600_000)
	story = append(story, said("order-6", "f", work(large, nil)), said("order-6", "f", work(nil, nil)))
	said("order-7", "f", work(math.NaN(), nil))
	story = append(story, said("order-7", "f", work(nil, nil)))
	// it dies under its caller, who notices nothing
	ledger.batch.Process.Kill()
	story = append(story, said("order-1", "amount=10", work(nil, nil)), runs)
	text, _ := json.Marshal(story)
	fmt.Println(string(text))
}
