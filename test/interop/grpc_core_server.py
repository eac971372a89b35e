"""A gRPC server on the C core. Prints its port, and serves until its standard input ends.

Usage: grpc_core_server.py [CERTIFICATE KEY]
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import grpc


def echo(request, context):
    """Answers with the request, and with its metadata as headers and as trailers."""
    sent = [(key, value) for key, value in context.invocation_metadata() if key.startswith("x-")]
    context.send_initial_metadata(sent)
    context.set_trailing_metadata(sent)
    return request


def fail(request, context):
    """Fails with a text beyond ASCII and with metadata."""
    context.set_trailing_metadata([("x-reason", "asked to"), ("x-reason-bin", b"\x00\xff")])
    context.abort(grpc.StatusCode.FAILED_PRECONDITION, "no: 100 % ümlaut\n" + request.decode())


def sleep(request, context):
    """Answers when its client has gone."""
    while context.is_active():
        time.sleep(0.01)
    return request


def repeat(request, context):
    """Sends what comes after the number, so many times."""
    count, message = request.split(b" ", 1)
    for _ in range(int(count)):
        yield message


def half(request, context):
    """Sends one message, then fails."""
    yield request
    context.abort(grpc.StatusCode.DATA_LOSS, "the rest is lost")


def join(requests, context):
    """Answers with all messages in one."""
    return b"".join(requests)


def talk(requests, context):
    """Sends each message back as it arrives."""
    yield from requests


METHODS = {
    "Echo": grpc.unary_unary_rpc_method_handler(echo),
    "Fail": grpc.unary_unary_rpc_method_handler(fail),
    "Sleep": grpc.unary_unary_rpc_method_handler(sleep),
    "Repeat": grpc.unary_stream_rpc_method_handler(repeat),
    "Half": grpc.unary_stream_rpc_method_handler(half),
    "Join": grpc.stream_unary_rpc_method_handler(join),
    "Talk": grpc.stream_stream_rpc_method_handler(talk),
}


def main():
    options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
    server = grpc.server(ThreadPoolExecutor(max_workers=50), options=options)
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("test.Core", METHODS)])
    if len(sys.argv) > 1:
        certificate, key = (open(path, "rb").read() for path in sys.argv[1:3])
        credentials = grpc.ssl_server_credentials([(key, certificate)])
        port = server.add_secure_port("127.0.0.1:0", credentials)
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(None)


main()
