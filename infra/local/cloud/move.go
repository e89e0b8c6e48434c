package cloud

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// moveTo makes kept state fit another port of the emulator: its queues are known by an address with the port.
func moveTo(port int, state string) error {
	file := filepath.Join(state, "port")
	now := strconv.Itoa(port)
	before, err := os.ReadFile(file)
	if err == nil && string(before) != now {
		if err := replacePort(string(before), now, state); err != nil {
			return fmt.Errorf("move the kept state from port %s to %s: %w; `make clean` starts anew", before, now, err)
		}
	}
	if err := os.WriteFile(file, []byte(now), 0o644); err != nil {
		return fmt.Errorf("keep the emulator's port: %w", err)
	}
	return nil
}

func replacePort(before, now, state string) error {
	files, err := filepath.Glob(filepath.Join(state, "state", "*.json"))
	if err != nil {
		return err
	}
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		moved := content
		for _, host := range []string{"localhost:", "127.0.0.1:"} {
			moved = bytes.ReplaceAll(moved, []byte(host+before), []byte(host+now))
		}
		if bytes.Equal(moved, content) {
			continue
		}
		if err := os.WriteFile(path, moved, 0o644); err != nil {
			return err
		}
	}
	return nil
}
