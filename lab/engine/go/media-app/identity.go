package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// takeIdentity becomes the user that PUID and PGID name, as LinuxServer images do when they are started as root; they
// use 911 for whichever is not said. Started as anybody else, or with neither, the app runs as it is.
func takeIdentity(config string) error {
	if mask := os.Getenv("UMASK"); mask != "" {
		value, err := strconv.ParseUint(mask, 8, 12)
		if err != nil {
			return fmt.Errorf("UMASK must be an octal number such as 022, got %q", mask)
		}
		syscall.Umask(int(value))
	}
	if os.Geteuid() != 0 || (os.Getenv("PUID") == "" && os.Getenv("PGID") == "") {
		return nil
	}
	user, err := strconv.Atoi(variable("PUID", "911"))
	if err != nil {
		return fmt.Errorf("PUID must be a number, got %q", os.Getenv("PUID"))
	}
	group, err := strconv.Atoi(variable("PGID", "911"))
	if err != nil {
		return fmt.Errorf("PGID must be a number, got %q", os.Getenv("PGID"))
	}
	// The directory alone and not what is in it: a move that loses owners must show. A server that squashes root
	// refuses this, and the images go on all the same.
	if err := os.MkdirAll(config, 0o755); err != nil {
		logLine("WRN", "%v", err)
	} else if err := os.Chown(config, user, group); err != nil {
		logLine("WRN", "%v", err)
	}
	for _, step := range []func() error{
		func() error { return syscall.Setgroups([]int{group}) },
		func() error { return syscall.Setgid(group) },
		func() error { return syscall.Setuid(user) },
	} {
		if err := step(); err != nil {
			return fmt.Errorf("can't become user %d of group %d: %w", user, group, err)
		}
	}
	return nil
}
