package main

import "encoding/json"
import "os/exec"

// Answer is what keyfold says to a line; as an error it is a fault, or a result without an outcome.
type Answer struct {
	Fault            struct{ Tag, Message string } `json:"error"`
	Result           string
	Takeover         bool // an earlier holder may have acted
	Claim            json.RawMessage
	LeaseExpiresAtMs int64 `json:"lease_expires_at_ms"`
	Record           struct{ Outcome json.RawMessage }
}

func (a Answer) Error() string { return a.Result + a.Fault.Message }

// Ledger is one process of keyfold batch, for one goroutine. Where it dies, another is asked the same again.
// It ends with the program.
type Ledger struct {
	Command []string // npx keyfold batch --store sqlite:ledger.db
	batch   *exec.Cmd
	in      *json.Encoder
	out     *json.Decoder
}

// Ask has one line answered: an op and its fields. What keyfold refuses is an answer with a fault and no result.
func (l *Ledger) Ask(line any) (answer Answer, err error) {
	for try := 0; try < 2; try++ {
		if l.batch == nil {
			batch := exec.Command(l.Command[0], l.Command[1:]...)
			in, _ := batch.StdinPipe()
			out, _ := batch.StdoutPipe()
			if err = batch.Start(); err != nil {
				return answer, err
			}
			l.batch, l.in, l.out = batch, json.NewEncoder(in), json.NewDecoder(out)
		}
		if err = l.in.Encode(line); err == nil {
			if err = l.out.Decode(&answer); err == nil {
				return answer, nil
			}
		}
		l.batch.Process.Kill() // a pipe that broke, or an answer that broke off
		l.batch.Wait()
		l.batch = nil
	}
	return answer, err
}
