package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

const jellyfinDatabase = "Jellyfin-SQLite"

// databaseOptions is database.xml of Jellyfin 10.11 and later.
type databaseOptions struct {
	databaseType    string
	lockingBehavior string
}

// readDatabaseXML does what Jellyfin does, and returns the locking behaviour. A file that Jellyfin can't read, such as
// one with a locking behaviour that it does not know, does not end the start: Jellyfin logs an error, goes on with its
// defaults and writes those over the file. Sources, in Jellyfin's repository: `LoadConfiguration()` in
// `BaseConfigurationManager.cs`, `AddJellyfinDbContext()` in `ServiceCollectionExtensions.cs`.
func readDatabaseXML(file string) (string, error) {
	options, err := parseDatabaseXML(file)
	if err != nil {
		// A missing file is no error, and of one that can't be read Jellyfin says nothing either.
		if !errors.As(err, new(*os.PathError)) {
			logLine("ERR", "Error loading configuration file: %s\n%v", file, err)
		}
		options = databaseOptions{}
	}
	if options.databaseType == "" {
		options = databaseOptions{jellyfinDatabase, "NoLock"}
		if err := writeDatabaseXML(file, options); err != nil {
			return "", err
		}
	}
	if !strings.EqualFold(options.databaseType, jellyfinDatabase) {
		return "", fmt.Errorf(
			"System.InvalidOperationException: Jellyfin cannot find the database provider of type '%s'. "+
				"Supported types are %s", options.databaseType, jellyfinDatabase)
	}
	logLine("INF", "The database locking mode has been set to: %s.", options.lockingBehavior)
	return options.lockingBehavior, nil
}

// parseDatabaseXML reports as .NET's XmlSerializer does: where, and within it what. Names are case-sensitive there.
func parseDatabaseXML(file string) (databaseOptions, error) {
	options := databaseOptions{lockingBehavior: "NoLock"}
	source, err := os.Open(file)
	if err != nil {
		return options, err
	}
	defer source.Close()
	decoder := xml.NewDecoder(source)
	failure := func(format string, values ...any) (databaseOptions, error) {
		line, column := decoder.InputPos()
		return options, fmt.Errorf(
			"System.InvalidOperationException: There is an error in XML document (%d, %d).\n ---> %s",
			line, column, fmt.Sprintf(format, values...))
	}
	for depth := 0; ; {
		token, err := decoder.Token()
		if err == io.EOF && depth == 0 {
			return options, nil
		}
		if err != nil {
			return failure("System.Xml.XmlException: %v", err)
		}
		switch element := token.(type) {
		case xml.EndElement:
			depth--
		case xml.StartElement:
			if depth == 0 && element.Name.Local != "DatabaseConfigurationOptions" {
				return failure("System.InvalidOperationException: <%s xmlns='%s'> was not expected.",
					element.Name.Local, element.Name.Space)
			}
			if depth == 0 {
				depth++
				continue
			}
			var text string
			if err := decoder.DecodeElement(&text, &element); err != nil {
				return failure("System.Xml.XmlException: %v", err)
			}
			switch element.Name.Local {
			case "DatabaseType":
				options.databaseType = text
			case "LockingBehavior":
				if text != "NoLock" && text != "Pessimistic" && text != "Optimistic" {
					return failure("System.InvalidOperationException: Instance validation error: '%s' is not a valid "+
						"value for DatabaseLockingBehaviorTypes.", text)
				}
				options.lockingBehavior = text
			}
		}
	}
}

func writeDatabaseXML(file string, options databaseOptions) error {
	text := fmt.Sprintf(`<?xml version="1.0" encoding="utf-8"?>
<DatabaseConfigurationOptions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
  <DatabaseType>%s</DatabaseType>
  <LockingBehavior>%s</LockingBehavior>
</DatabaseConfigurationOptions>`, options.databaseType, options.lockingBehavior)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}
