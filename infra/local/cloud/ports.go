package cloud

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// freePort returns port when nobody listens there, or any free one for 0.
func freePort(port int, name string) (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, fmt.Errorf("port %d is taken; end the program that uses it or choose another with %s=%d", port, name, port+10)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// lock makes sure that one state folder has one cloud. The lock ends with the process, however it ends.
func lock(state string) (*os.File, error) {
	if err := os.MkdirAll(state, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the state: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(state, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the state: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("a local cloud of this checkout is running already; end it with Ctrl-C first, or use another checkout with PORT and AWS_PORT")
	}
	return f, nil
}
