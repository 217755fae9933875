package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// site is what the app shows by HTTP. It never touches the volume: one that hangs must not hang the answer that says so.
type site struct {
	options   options
	urlBase   string
	databases []*database
}

func (s site) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	path, found := strings.CutPrefix(request.URL.Path, s.urlBase)
	if s.urlBase != "" && (!found || (path != "" && path[0] != '/')) {
		http.Redirect(writer, request, s.urlBase+request.RequestURI, http.StatusTemporaryRedirect)
		return
	}
	if path == "" {
		path = "/"
	}
	switch {
	case s.isHealth(request, path):
		s.health(writer)
	case path == "/rows":
		s.rows(writer)
	case path == "/":
		s.page(writer)
	default:
		http.NotFound(writer, request)
	}
}

// isHealth compares with and without the base, and with the query where the health path has one.
func (s site) isHealth(request *http.Request, path string) bool {
	candidates := []string{path, request.URL.Path}
	if query := request.URL.RawQuery; query != "" {
		candidates = append(candidates, path+"?"+query, request.URL.Path+"?"+query)
	}
	return slices.ContainsFunc(s.options.health, func(health string) bool { return slices.Contains(candidates, health) })
}

func (s site) health(writer http.ResponseWriter) {
	for _, database := range s.databases {
		if state := database.snapshot(); state.Error != "" {
			writer.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintf(writer, "Unhealthy: %s: %s\n", state.Path, state.Error)
			return
		}
	}
	if strings.HasSuffix(s.options.settings, "config.xml") {
		fmt.Fprint(writer, `{"status":"OK"}`)
		return
	}
	fmt.Fprint(writer, "Healthy")
}

func (s site) rows(writer http.ResponseWriter) {
	states := []databaseState{}
	for _, database := range s.databases {
		states = append(states, database.snapshot())
	}
	writer.Header().Set("Content-Type", "application/json")
	json.NewEncoder(writer).Encode(states)
}

func (s site) page(writer http.ResponseWriter) {
	fmt.Fprintf(writer, "<!DOCTYPE html><title>%[1]s</title><h1>%[1]s</h1>\n", s.options.name)
	for _, database := range s.databases {
		state := database.snapshot()
		fmt.Fprintf(writer, "<p>%s: %d rows\n", state.Path, state.Count)
	}
}

// fetch is for exec probes, in images that have nothing else to ask with.
func fetch(address string) error {
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get(address)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", address, answer.Status)
	}
	return nil
}
