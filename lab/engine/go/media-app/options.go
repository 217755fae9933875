package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options are what the image says of the app in its environment; a pod may say otherwise.
type options struct {
	name string // APP_NAME
	// APP_PORT, separated by colons: the app listens on all, and its settings may say another for the first.
	ports []int
	// APP_HEALTH_PATH, separated by blanks, since a description may give the same image several.
	health []string
	config string // APP_CONFIG_PATH
	// APP_DATABASES, relative to the config directory and separated by colons.
	databases []string
	// APP_SETTINGS, relative to the config directory: the file's name, database.xml or config.xml, is its flavour.
	settings string
	interval time.Duration // APP_WRITE_MILLISECONDS
	stopTime time.Duration // APP_STOP_SECONDS
	// APP_STOP_SIGNAL: on the other one the app ends at once and closes nothing, as Node.js apps do.
	stopSignal  syscall.Signal
	acknowledge string // APP_ACKNOWLEDGE
}

func readOptions() (options, error) {
	problems := []string{}
	number := func(name string, fallback, least int) int {
		text := variable(name, strconv.Itoa(fallback))
		value, err := strconv.Atoi(text)
		if err != nil || value < least {
			problems = append(problems, fmt.Sprintf("%s must be a number of at least %d, got %q", name, least, text))
		}
		return value
	}
	o := options{
		name:        variable("APP_NAME", "media-app"),
		health:      strings.Fields(variable("APP_HEALTH_PATH", "/health")),
		config:      variable("APP_CONFIG_PATH", "/config"),
		databases:   split(os.Getenv("APP_DATABASES")),
		settings:    os.Getenv("APP_SETTINGS"),
		interval:    time.Duration(number("APP_WRITE_MILLISECONDS", 200, 1)) * time.Millisecond,
		stopTime:    time.Duration(number("APP_STOP_SECONDS", 0, 0)) * time.Second,
		stopSignal:  syscall.SIGTERM,
		acknowledge: os.Getenv("APP_ACKNOWLEDGE"),
	}
	for _, text := range split(os.Getenv("APP_PORT")) {
		port, err := parsePort(text)
		if err != nil {
			problems = append(problems, fmt.Sprintf("APP_PORT: %v", err))
		}
		o.ports = append(o.ports, port)
	}
	switch signal := variable("APP_STOP_SIGNAL", "SIGTERM"); signal {
	case "SIGTERM":
	case "SIGINT":
		o.stopSignal = syscall.SIGINT
	default:
		problems = append(problems, fmt.Sprintf("APP_STOP_SIGNAL must be SIGTERM or SIGINT, got %q", signal))
	}
	if flavour := filepath.Base(o.settings); o.settings != "" && flavour != "database.xml" && flavour != "config.xml" {
		problems = append(problems, fmt.Sprintf("APP_SETTINGS must end in database.xml or config.xml, got %q", o.settings))
	}
	if len(problems) > 0 {
		return o, fmt.Errorf("the environment is wrong: %s", strings.Join(problems, "; "))
	}
	return o, nil
}

func variable(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(character rune) bool { return character == ':' })
}

// parsePort complains in .NET's words, which a Port of config.xml that is no number meets.
func parsePort(text string) (int, error) {
	port, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("the input string '%s' was not in a correct format", text)
	}
	if port < 1 || port > 65535 {
		return 0, fmt.Errorf("a port must be from 1 to 65535, got %d", port)
	}
	return port, nil
}
