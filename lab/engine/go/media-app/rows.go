package main

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
)

// printRows says what a database holds, for checks on a copy of it: the file is opened read-only.
func printRows(file string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	pool, err := sql.Open("sqlite", address(file, "mode=ro"))
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	var instance, integrity string
	if err := pool.QueryRow("SELECT value FROM meta WHERE name = 'instance'").Scan(&instance); err != nil {
		return err
	}
	var count, least, most int64
	err = pool.QueryRow("SELECT count(*), coalesce(min(n), 0), coalesce(max(n), 0) FROM rows").Scan(&count, &least, &most)
	if err != nil {
		return err
	}
	if err := pool.QueryRow("PRAGMA integrity_check").Scan(&integrity); err != nil {
		return err
	}
	changed, err := countChanged(pool, instance)
	if err != nil {
		return err
	}
	gapless := count == most && (count == 0 || least == 1)
	fmt.Printf("instance %s\ncount %d\nmin %d\nmax %d\ngapless %t\nchanged %d\nintegrity %s\n",
		instance, count, least, most, gapless, changed, integrity)
	if !gapless || changed > 0 || integrity != "ok" {
		return errors.New("the database is not whole")
	}
	return nil
}

// countChanged counts the rows that are not as they were written.
func countChanged(pool *sql.DB, instance string) (int, error) {
	rows, err := pool.Query("SELECT n, payload FROM rows")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	changed := 0
	for rows.Next() {
		var row int64
		var text string
		if err := rows.Scan(&row, &text); err != nil {
			return 0, err
		}
		if text != payload(instance, row) {
			changed++
		}
	}
	return changed, rows.Err()
}
