package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
)

// Fields of a line.
type Fields map[string]any

// Answer is what keyfold says to a line.
type Answer struct {
	Error            *struct{ Tag, Message string }
	Result           string
	Claim            json.RawMessage
	Epoch            int64
	LeaseExpiresAtMs int64 `json:"lease_expires_at_ms"`
	Record           struct {
		Outcome *struct{ Details json.RawMessage }
	}
}

// Refused is what keyfold says where there is no outcome: an error, or a result and what goes with it.
type Refused struct{ Answer Answer }

func (r Refused) Error() string {
	if r.Answer.Error != nil {
		return r.Answer.Error.Message
	}
	return r.Answer.Result
}

// Ledger is one process of keyfold batch, for one goroutine. Where it dies, another is asked the same again.
type Ledger struct {
	Command []string // npx keyfold batch --store sqlite:ledger.db
	batch   *exec.Cmd
	in      io.Writer
	out     *bufio.Reader
}

func (l *Ledger) start() error {
	batch := exec.Command(l.Command[0], l.Command[1:]...)
	in, _ := batch.StdinPipe()
	out, _ := batch.StdoutPipe()
	if err := batch.Start(); err != nil {
		return err
	}
	l.batch, l.in, l.out = batch, in, bufio.NewReader(out)
	return nil
}

// Ask has one line answered. It writes the op into the fields.
func (l *Ledger) Ask(op string, fields Fields) (answer Answer, err error) {
	fields["op"] = op
	text, err := json.Marshal(fields)
	for try := 0; err == nil && try < 2; try++ {
		if l.batch == nil {
			if err = l.start(); err != nil {
				return answer, err
			}
		}
		l.in.Write(append(text, '\n')) // a pipe that broke gives no answer either
		said, _ := l.out.ReadBytes('\n')
		if json.Unmarshal(said, &answer) != nil { // it broke off
			l.Close()
		} else if answer.Error != nil {
			return answer, Refused{answer}
		} else {
			return answer, nil
		}
	}
	if err == nil {
		err = errors.New("keyfold batch does not answer")
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
