package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// configXML is config.xml of Sonarr, Radarr, Prowlarr and their kin: a flat list, whose unknown elements stay.
type configXML struct {
	XMLName xml.Name   `xml:"Config"`
	Values  []xmlValue `xml:",any"`
}

type xmlValue struct {
	XMLName xml.Name
	Text    string `xml:",chardata"`
}

// servarrSettings are those that the app heeds.
type servarrSettings struct {
	port    int
	urlBase string
}

// readConfigXML reads the settings, adds what is missing and writes them back, as the apps do. A file that they can't
// read ends the start. Source: `ConfigFileProvider.cs` in Sonarr's repository.
func readConfigXML(file, app string, port int) (servarrSettings, error) {
	title := strings.ToUpper(app[:1]) + app[1:]
	config, err := parseConfigXML(file, title)
	if err != nil {
		return servarrSettings{}, err
	}
	changed := false
	value := func(name, fallback string) string {
		for _, known := range config.Values {
			if known.XMLName.Local == name {
				return strings.TrimSpace(known.Text)
			}
		}
		config.Values = append(config.Values, xmlValue{xml.Name{Local: name}, fallback})
		changed = true
		return fallback
	}
	// A variable such as SONARR__SERVER__PORT wins over the file.
	server := func(name, fallback string) string {
		text := value(name, fallback)
		return variable(strings.ToUpper(app+"__SERVER__"+name), text)
	}
	portText := server("Port", strconv.Itoa(port))
	value("ApiKey", randomHex(16))
	value("LogLevel", "info")
	base := strings.Trim(server("UrlBase", ""), "/")
	value("InstanceName", title)
	if changed {
		text, err := xml.MarshalIndent(config, "", "  ")
		if err != nil {
			return servarrSettings{}, err
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return servarrSettings{}, err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return servarrSettings{}, err
		}
	}
	settings := servarrSettings{}
	if settings.port, err = parsePort(portText); err != nil {
		return settings, fmt.Errorf("%s: Port: %w", file, err)
	}
	if base != "" {
		settings.urlBase = "/" + base
	}
	return settings, nil
}

func parseConfigXML(file, title string) (configXML, error) {
	config := configXML{XMLName: xml.Name{Local: "Config"}}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return config, nil
	}
	if err != nil {
		return config, err
	}
	invalid := func(what string) error {
		return fmt.Errorf("InvalidConfigFileException: %s %s. Please delete the config file and %s will recreate it.",
			file, what, title)
	}
	if strings.TrimSpace(string(text)) == "" {
		return config, invalid("is empty")
	}
	if err := xml.Unmarshal(text, &config); err != nil {
		// The apps' own words, slip and all.
		return config, fmt.Errorf("%w\n ---> System.Xml.XmlException: %v", invalid("is corrupt is invalid"), err)
	}
	return config, nil
}

func randomHex(bytes int) string {
	text := make([]byte, bytes)
	rand.Read(text)
	return hex.EncodeToString(text)
}
