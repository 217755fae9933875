package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite"
)

// schema: rows are numbered without a gap, so that a lost one shows, and carry the instance, so that a database that
// was begun anew shows.
const schema = `
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY, time TEXT NOT NULL, payload TEXT NOT NULL);
`

// database is one SQLite database of the app, which one goroutine writes to.
type database struct {
	path string // relative to the config directory
	file string
	pool *sql.DB
	// counted is false until the rows that are there were read, and after every error: a commit that failed may be
	// there all the same.
	counted bool
	log     throttle

	mutex sync.Mutex
	state databaseState
}

// databaseState is what others see of a database without asking it: a disk that hangs must not hang them too.
type databaseState struct {
	Path     string `json:"path"`
	Instance string `json:"instance"`
	Count    int64  `json:"count"`
	Max      int64  `json:"max"`
	Error    string `json:"error,omitempty"`
	// since is when the commit that is under way began.
	since time.Time
}

func newDatabase(config, path string) *database {
	d := &database{path: path, file: filepath.Join(config, path)}
	d.state = databaseState{Path: path, Error: "nothing was committed yet"}
	return d
}

// snapshot returns the state, with a commit that does not come back as an error.
func (d *database) snapshot() databaseState {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	state := d.state
	if waiting := time.Since(state.since); state.Error == "" && !state.since.IsZero() && waiting > 5*time.Second {
		state.Error = fmt.Sprintf("a commit has been under way for %d s", int(waiting.Seconds()))
	}
	return state
}

func (d *database) update(change func(*databaseState)) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	change(&d.state)
}

// run commits a row each interval until it is told to stop. What fails is said and tried again: the database stays
// open, as those of the apps do, whatever becomes of the storage below it.
func (d *database) run(stop context.Context, interval time.Duration, before func(), committed func(instance string, row int64)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	summary := time.Time{}
	for {
		select {
		case <-stop.Done():
			return
		case <-ticker.C:
		}
		before()
		d.update(func(state *databaseState) { state.since = time.Now() })
		err := d.commit()
		d.update(func(state *databaseState) {
			state.since = time.Time{}
			state.Error = ""
			if err != nil {
				state.Error = err.Error()
			}
		})
		if err != nil {
			d.counted = false
			if text := fmt.Sprintf("%s: %v", d.path, err); d.log.allows(text) {
				logLine("ERR", "%s", text)
			}
			continue
		}
		state := d.snapshot()
		committed(state.Instance, state.Max)
		if time.Since(summary) >= time.Second {
			summary = time.Now()
			logLine("INF", "committed rows up to %d in %s", state.Max, d.path)
		}
	}
}

func (d *database) commit() error {
	if d.pool == nil {
		if err := d.open(); err != nil {
			return err
		}
	}
	if !d.counted {
		if err := d.count(); err != nil {
			return err
		}
	}
	row, instance := d.state.Max+1, d.state.Instance
	_, err := d.pool.Exec("INSERT INTO rows (n, time, payload) VALUES (?, ?, ?)",
		row, time.Now().UTC().Format(time.RFC3339Nano), payload(instance, row))
	if err != nil {
		return err
	}
	d.update(func(state *databaseState) { state.Count++; state.Max = row })
	return nil
}

func (d *database) open() error {
	if err := os.MkdirAll(filepath.Dir(d.file), 0o755); err != nil {
		return err
	}
	// FULL: what was committed has reached the disk, else no row could be acknowledged. The wait for a lock is short,
	// so that a second writer shows.
	pool, err := sql.Open("sqlite", address(d.file, "_pragma=synchronous(FULL)&_pragma=busy_timeout(1000)"))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(1)
	if err := prepare(pool); err != nil {
		pool.Close()
		return err
	}
	d.pool = pool
	return nil
}

// prepare makes what is not there yet. A file system without shared memory leaves a database in its old journal mode
// and says so in the answer alone.
func prepare(pool *sql.DB) error {
	var mode string
	if err := pool.QueryRow("PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("the journal mode stays %s: no WAL on this file system", mode)
	}
	if _, err := pool.Exec(schema); err != nil {
		return err
	}
	_, err := pool.Exec("INSERT OR IGNORE INTO meta (name, value) VALUES ('instance', ?)", randomHex(8))
	return err
}

func (d *database) count() error {
	var instance string
	if err := d.pool.QueryRow("SELECT value FROM meta WHERE name = 'instance'").Scan(&instance); err != nil {
		return err
	}
	var count, highest int64
	if err := d.pool.QueryRow("SELECT count(*), coalesce(max(n), 0) FROM rows").Scan(&count, &highest); err != nil {
		return err
	}
	d.counted = true
	d.update(func(state *databaseState) { state.Instance, state.Count, state.Max = instance, count, highest })
	return nil
}

// close ends the database in order: everything in the main file, and no -wal left.
func (d *database) close() error {
	if d.pool == nil {
		return nil
	}
	_, err := d.pool.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	if closing := d.pool.Close(); err == nil {
		err = closing
	}
	return err
}

// payload can be computed again, so that a row whose content changed shows too.
func payload(instance string, row int64) string {
	hash := sha256.Sum256(fmt.Appendf(nil, "%s %d", instance, row))
	return hex.EncodeToString(hash[:])
}

func address(file, query string) string {
	return (&url.URL{Scheme: "file", OmitHost: true, Path: file, RawQuery: query}).String()
}
