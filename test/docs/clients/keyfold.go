package main

import (
	"encoding/json"
	"os/exec"
)

// Fields of a line.
type Fields map[string]any

// Answer is what keyfold says to a line; as an error it is a fault, or a result without an outcome.
type Answer struct {
	Fault            struct{ Tag, Message string } `json:"error"`
	Result           string
	Claim            json.RawMessage
	LeaseExpiresAtMs int64 `json:"lease_expires_at_ms"`
	Record           struct {
		Outcome *struct{ Details json.RawMessage }
	}
}

func (a Answer) Error() string { return a.Result + a.Fault.Message }

// Ledger is one process of keyfold batch, for one goroutine. Where it dies, another is asked the same again.
type Ledger struct {
	Command []string // npx keyfold batch --store sqlite:ledger.db
	batch   *exec.Cmd
	in      *json.Encoder
	out     *json.Decoder
}

// Ask has one line answered. It writes the op into the fields.
func (l *Ledger) Ask(op string, fields Fields) (answer Answer, err error) {
	fields["op"] = op
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
		answer = Answer{}
		if err = l.in.Encode(fields); err == nil {
			err = l.out.Decode(&answer)
		}
		if err == nil && answer.Fault.Tag != "" {
			return answer, answer
		} else if err == nil {
			return answer, nil
		}
		l.Close() // a pipe that broke, or an answer that broke off
	}
	return answer, err
}

// Close ends the process; whatever it answered is on disk.
func (l *Ledger) Close() {
	if l.batch != nil {
		l.batch.Process.Kill()
		l.batch.Wait()
		l.batch = nil
	}
}
