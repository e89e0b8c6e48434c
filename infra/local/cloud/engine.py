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
from ministack.services import lambda_svc  # noqa: E402

restore = lambda_svc._restore_state


def restore_without_positions(data):
    """The emulator keeps how far a function has read a table's stream, but not the stream. With the old position it
    would pass over as many new records after a start as it had read before."""
    restore(dict(data, dynamodb_stream_positions={}) if data else data)


lambda_svc._restore_state = restore_without_positions
main()
