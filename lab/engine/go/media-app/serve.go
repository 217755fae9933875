package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// serve is the app: settings, then its ports, then its databases, until the signal to end.
func serve() error {
	options, err := readOptions()
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	// A write beyond a limit of size is for SQLite to report, not the end.
	signal.Ignore(syscall.SIGXFSZ)
	if err := takeIdentity(options.config); err != nil {
		return err
	}
	logLine("INF", "%s starts as user %d with its settings in %s", options.name, os.Getuid(), options.config)
	site := site{options: options}
	behavior := ""
	switch settings := filepath.Join(options.config, options.settings); filepath.Base(options.settings) {
	case "database.xml":
		if behavior, err = readDatabaseXML(settings); err != nil {
			return err
		}
	case "config.xml":
		first := 80
		if len(options.ports) > 0 {
			first = options.ports[0]
		}
		config, err := readConfigXML(settings, options.name, first)
		if err != nil {
			return err
		}
		site.urlBase = config.urlBase
		options.ports = append([]int{config.port}, options.ports[min(1, len(options.ports)):]...)
	}
	for _, path := range options.databases {
		site.databases = append(site.databases, newDatabase(options.config, path))
	}
	if err := listen(options.ports, site); err != nil {
		return err
	}
	return write(options, site.databases, newContention(behavior, options.config), signals)
}

func listen(ports []int, site site) error {
	for _, port := range ports {
		listener, err := net.Listen("tcp", ":"+strconv.Itoa(port))
		if err != nil {
			return err
		}
		logLine("INF", "Now listening on port %d", port)
		// Its end is the process's: answers go on while the databases are closed.
		go http.Serve(listener, site)
	}
	return nil
}

// write keeps all databases busy until the signal to end, and then ends them in order.
func write(options options, databases []*database, contention *contention, signals <-chan os.Signal) error {
	acknowledger := newAcknowledger(options.acknowledge)
	running, stop := context.WithCancel(context.Background())
	defer stop()
	var writers sync.WaitGroup
	for _, database := range databases {
		writers.Go(func() {
			database.run(running, options.interval, contention.report, func(instance string, row int64) {
				acknowledger.send(fmt.Sprintf("%s %s %s %d", options.name, database.path, instance, row))
			})
		})
	}
	for received := range signals {
		if received == options.stopSignal {
			break
		}
		logLine("FTL", "ended by %v, which the app does not handle: nothing was closed", received)
		os.Exit(128 + int(received.(syscall.Signal)))
	}
	logLine("INF", "%s ends in %s", options.name, options.stopTime)
	time.Sleep(options.stopTime)
	stop()
	writers.Wait()
	var problems []error
	for _, database := range databases {
		if err := database.close(); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", database.path, err))
		}
	}
	logLine("INF", "%s has ended", options.name)
	return errors.Join(problems...)
}

func waitForSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	<-signals
}
