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
from ministack.services import dynamodb, lambda_svc  # noqa: E402

restore = lambda_svc._restore_state


def restore_without_positions(data):
    """The emulator keeps how far a function has read a table's stream, but not the stream. With the old position it
    would pass over as many new records after a start as it had read before."""
    restore(dict(data, dynamodb_stream_positions={}) if data else data)


lambda_svc._restore_state = restore_without_positions

evaluate = dynamodb._evaluate_condition
tokens = {}


def evaluate_parsed_once(expr, item, values, names, slot="ConditionExpression"):
    """The emulator parses the condition of a query anew for each item of the partition, which takes seconds where a number
    has thousands of packages. The bounds of a query are checked before it comes here."""
    if slot != "KeyConditionExpression":
        return evaluate(expr, item, values, names, slot)
    if expr not in tokens:
        outcome = evaluate(expr, item, values, names, slot)  # with all that is to be said about the expression
        tokens[expr] = dynamodb._tokenize(expr)
        return outcome
    return dynamodb._ExprEval(tokens[expr], item, values, names).evaluate()


dynamodb._evaluate_condition = evaluate_parsed_once
main()
