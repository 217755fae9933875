package main

import (
	"bufio"
	"net"
	"time"
)

// acknowledger tells the outside of every row that was committed. What it told must be there for ever after, and only
// the outside can hold the volume to that: what the volume says of itself would prove nothing.
type acknowledger struct {
	lines chan string
}

// newAcknowledger reports to an address; "" reports to nobody.
func newAcknowledger(address string) *acknowledger {
	a := &acknowledger{lines: make(chan string, 1024)}
	if address != "" {
		go a.run(address)
	}
	return a
}

// send never waits: an outside that is slow or away must not slow the app down. What it misses it can't demand.
func (a *acknowledger) send(line string) {
	select {
	case a.lines <- line:
	default:
	}
}

func (a *acknowledger) run(address string) {
	const least, most = 100 * time.Millisecond, 5 * time.Second
	for wait := least; ; wait = min(2*wait, most) {
		connection, err := net.DialTimeout("tcp", address, most)
		if err != nil {
			time.Sleep(wait)
			continue
		}
		wait = least
		a.drain()
		a.forward(connection)
		connection.Close()
	}
}

// drain drops what was committed while nobody listened.
func (a *acknowledger) drain() {
	for {
		select {
		case <-a.lines:
		default:
			return
		}
	}
}

func (a *acknowledger) forward(connection net.Conn) {
	writer := bufio.NewWriter(connection)
	for line := range a.lines {
		connection.SetWriteDeadline(time.Now().Add(5 * time.Second))
		if _, err := writer.WriteString(line + "\n"); err != nil {
			return
		}
		if len(a.lines) == 0 && writer.Flush() != nil {
			return
		}
	}
}
