// media-app stands in for the media apps in the rehearsal lab, whose machines have no container registry to get the
// real ones from. Where storage matters it does what they do: it keeps SQLite databases in WAL mode open below its
// config directory and writes to them all the time, reads its settings file at each start, answers its health path,
// and says what SQLite says when the storage fails. It plays no media.
package main

import (
	"fmt"
	"os"
)

const usage = `usage:
  media-app serve        be the app that the variables APP_… describe; arguments are ignored
  media-app pause        wait for the signal to end; arguments are ignored
  media-app rows FILE    say what a database holds; fails when it is not whole
  media-app fetch URL    fails unless the address answers 200
`

func main() {
	command, argument := "", ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	if len(os.Args) > 2 {
		argument = os.Args[2]
	}
	var err error
	switch {
	case command == "serve":
		err = serve()
	case command == "pause":
		waitForSignal()
	case command == "rows" && argument != "":
		err = printRows(argument)
	case command == "fetch" && argument != "":
		err = fetch(argument)
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	if err != nil {
		logLine("FTL", "%v", err)
		os.Exit(1)
	}
}
