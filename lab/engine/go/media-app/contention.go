package main

import "syscall"

// contention emulates what this app can't have. Jellyfin writes from many connections at once; on a network file
// system, where each lock is a round trip, they meet, and a locking behaviour other than NoLock is what people choose
// there against it. One connection meets nobody. So that a rehearsal sees in the log what its owner sees, an app with
// such a behaviour and its config directory on a network file system says now and then what Jellyfin says of a lock.
// That is all: the row of that moment is committed like any other, health does not change, and elsewhere the behaviour
// is as quiet as Jellyfin's. Locks that fail for real are reported by SQLite and need no emulation.
type contention struct {
	behavior string
	commits  int
}

// newContention returns nil where there is none.
func newContention(behavior, config string) *contention {
	if behavior == "" || behavior == "NoLock" || !onNetwork(config) {
		return nil
	}
	return &contention{behavior: behavior}
}

// report is called before each commit. Optimistic retries seven times and says so, the last time with the error
// (`OptimisticLockBehavior.cs`); Pessimistic lets only its own connections wait, so that the error comes at once.
func (c *contention) report() {
	if c == nil {
		return
	}
	c.commits++
	// Early once, so that nobody waits long for the first.
	if c.commits%50 != 5 {
		return
	}
	if c.behavior == "Optimistic" {
		for retry := 1; retry < 7; retry++ {
			logLine("WRN", "Operation failed retry %d", retry)
		}
		logLine("ERR", "Operation failed retry 7")
	}
	logLine("ERR", "Microsoft.Data.Sqlite.SqliteException (0x80004005): SQLite Error 5: 'database is locked'.")
}

// onNetwork asks the kernel. The numbers are NFS_SUPER_MAGIC, CIFS_SUPER_MAGIC and SMB2_SUPER_MAGIC of linux/magic.h.
func onNetwork(path string) bool {
	var about syscall.Statfs_t
	if syscall.Statfs(path, &about) != nil {
		return false
	}
	switch uint32(about.Type) {
	case 0x6969, 0xff534d42, 0xfe534d42:
		return true
	}
	return false
}
