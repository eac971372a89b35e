// Answers that are not gRPC, as a web server or a proxy gives them: the same error over both kinds of channel.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import { type FaultHandler, type FaultServer, startFaultServer } from "../../faults/server.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./exchange.js";

const PATH = "/test.Echo/Call";
const cleanUp: (() => unknown)[] = [];

afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each();
});

async function serve(handler: FaultHandler): Promise<FaultServer> {
  const server = await startFaultServer();
  cleanUp.push(() => server.stop());
  server.handle(PATH, handler);
  return server;
}

const NOT_GRPC = 'the response is not gRPC: its content type is "text/html"';
const ANSWERS: Readonly<Record<string, { answer: FaultHandler; code: number; message: string }>> = {
  "a page": { answer: (call) => call.answerHttp(200, "<html>"), code: Status.UNKNOWN, message: NOT_GRPC },
  "a page that looks like a message": {
    answer: (call) => call.answerHttp(200, "\0\0\0\0\u0001x"),
    code: Status.UNKNOWN,
    message: NOT_GRPC,
  },
  "a page without end": {
    answer: (call) => {
      call.stream.respond({ ":status": 200, "content-type": "text/html" });
      call.stream.write("<html>");
    },
    code: Status.UNKNOWN,
    message: NOT_GRPC,
  },
  "a page without end that looks like messages": {
    answer: (call) => {
      call.stream.respond({ ":status": 200, "content-type": "text/html" });
      call.stream.write("\0\0\0\0\u0001x\0\0\0\0\u0001x");
    },
    code: Status.UNKNOWN,
    message: NOT_GRPC,
  },
  "a page of an error": {
    answer: (call) => call.answerHttp(503, "<html>"),
    code: Status.UNAVAILABLE,
    message: "Received HTTP status code 503",
  },
};

for (const channel of CHANNELS) {
  describe(`an answer that is not gRPC, over ${channel}`, () => {
    for (const [what, { answer, code, message }] of Object.entries(ANSWERS)) {
      it(`fails a unary call and a stream, and its server hears that no more is wanted: ${what}`, async () => {
        const server = await serve(answer);
        const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
        cleanUp.push(() => transport.close());
        const { error } = await unary(transport, PATH, "x");
        assert.deepEqual([error?.code, error?.message], [code, message]);
        const recorder = new StreamRecorder();
        const call = transport.stream(PATH, callOptions({ deadline: undefined }), recorder);
        call.send(Buffer.from("x"));
        call.pause();
        if (what.startsWith("a page without")) setImmediate(() => call.resume());
        else call.resume();
        await recorder.over();
        assert.deepEqual([recorder.error?.code, recorder.error?.message], [code, message]);
        assert.deepEqual([recorder.headers, recorder.received], [undefined, 0]);
        for (const each of server.calls) await each.closed;
      });
    }
  });
}
