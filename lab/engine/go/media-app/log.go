package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// logLine writes as the .NET apps do: time, a level of three letters (INF, WRN, ERR, FTL), text.
func logLine(level, format string, values ...any) {
	now := time.Now().UTC().Format("2006-01-02 15:04:05.000 -07:00")
	fmt.Fprintf(os.Stdout, "[%s] [%s] %s\n", now, level, fmt.Sprintf(format, values...))
}

// throttle lets a text through once a second, so that a database that fails five times a second does not fill the
// node's disk with its log; another text is let through at once.
type throttle struct {
	mutex sync.Mutex
	text  string
	last  time.Time
}

func (t *throttle) allows(text string) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if text == t.text && time.Since(t.last) < time.Second {
		return false
	}
	t.text, t.last = text, time.Now()
	return true
}
