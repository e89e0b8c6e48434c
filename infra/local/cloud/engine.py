"""Runs the emulator until its standard input closes, so that it never outlives the program that started it."""
import os
import signal
import sys
import threading


def end_with_parent():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv = ["ministack"]

from ministack.app import main  # noqa: E402

main()
