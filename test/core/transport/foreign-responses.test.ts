// Answers that are not gRPC, as a web server or a proxy gives them: the same error over both kinds of channel.
import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { OutgoingHttpHeaders } from "node:http2";
import { afterEach, describe, it } from "node:test";
import { Status } from "../../../runtime/core/errors/status.js";
import { grpcTransport } from "../../../runtime/core/transport/grpc-transport.js";
import type { StreamCall } from "../../../runtime/core/transport/transport.js";
import {
  type FaultCall,
  type FaultHandler,
  type FaultServer,
  frame,
  startFaultServer,
} from "../../faults/fault-server.js";
import { CHANNELS } from "./channels.js";
import { callOptions, StreamRecorder, unary } from "./recorded-calls.js";

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

const INVALID = { code: Status.UNKNOWN, message: "the server sent no valid grpc-status" };
/** Trailers that break the rules of gRPC. */
const TRAILERS: Readonly<Record<string, { trailers: OutgoingHttpHeaders; code: number; message: string }>> = {
  "a status that is a text": { trailers: { "grpc-status": "NOT_FOUND" }, ...INVALID },
  "a negative status": { trailers: { "grpc-status": "-1" }, ...INVALID },
  "the status 17": { trailers: { "grpc-status": "17" }, ...INVALID },
  "a status of 41 bits": { trailers: { "grpc-status": "1099511627776" }, ...INVALID },
  "two statuses": { trailers: { "grpc-status": ["0", "13"] }, ...INVALID },
  "the status 17 with a text": {
    trailers: { "grpc-status": "17", "grpc-message": "the text" },
    code: Status.UNKNOWN,
    message: "the text",
  },
  "a text with malformed escapes": {
    trailers: { "grpc-status": "5", "grpc-message": "100%zz %2" },
    code: Status.NOT_FOUND,
    message: "100%zz %2",
  },
  "a text with escapes that are not UTF-8": {
    trailers: { "grpc-status": "5", "grpc-message": "%ff%20" },
    code: Status.NOT_FOUND,
    message: "%ff%20",
  },
  "two texts": {
    trailers: { "grpc-status": "5", "grpc-message": ["a", "b"] },
    code: Status.NOT_FOUND,
    message: "a, b",
  },
  "details that are not base64": {
    trailers: { "grpc-status": "5", "grpc-message": "gone", "grpc-status-details-bin": "!no base64!" },
    code: Status.NOT_FOUND,
    message: "gone",
  },
  "two details, neither of them a message": {
    trailers: { "grpc-status": "5", "grpc-message": "gone", "grpc-status-details-bin": ["AAAA", "/////w=="] },
    code: Status.NOT_FOUND,
    message: "gone",
  },
  "trailers of 60 kB": {
    trailers: { "grpc-status": "5", "grpc-message": "gone", "x-large": "y".repeat(60_000) },
    code: Status.NOT_FOUND,
    message: "gone",
  },
};

const NO_STATUS = "Received RST_STREAM with code 0 (Call ended without gRPC status)";

/** Ends a response without trailers. The stream stays open for the request, which is read if `isRead`. */
function endOnly({ stream }: FaultCall, messages: readonly string[], isRead: boolean = true): void {
  // node:http2 resets a stream that it has responded to, unless somebody has begun to read it.
  if (isRead) stream.resume();
  else stream.pause();
  stream.respond({ ":status": 200, "content-type": "application/grpc" });
  for (const message of messages) stream.write(frame(Buffer.from(message)));
  stream.end();
}

for (const channel of CHANNELS) {
  describe(`a response that is not gRPC, over ${channel}`, () => {
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

for (const channel of CHANNELS) {
  describe(`a response with the type of gRPC that is not complete, over ${channel}`, () => {
    /** Starts a stream whose requests do not end, unless by the test. */
    function openStream(endpoint: string): { recorder: StreamRecorder; call: StreamCall } {
      const transport = grpcTransport({ channel, endpoints: [endpoint] });
      cleanUp.push(() => transport.close());
      const recorder = new StreamRecorder();
      const call = transport.stream(PATH, callOptions({ deadline: undefined }), recorder);
      call.send(Buffer.from("x"));
      return { recorder, call };
    }

    for (const messages of [[], ["a"], ["a", "b", "c"]]) {
      it(`fails a stream that the server ends after ${messages.length} messages without a status`, async () => {
        const server = await serve((call) => endOnly(call, messages));
        const { recorder } = openStream(server.endpoint);
        await recorder.over();
        assert.deepEqual(recorder.texts, messages);
        assert.deepEqual([recorder.error?.code, recorder.error?.message], [Status.INTERNAL, NO_STATUS]);
        for (const each of server.calls) await each.closed;
      });
    }

    it("passes on all messages before the failure, even if they wait for the client", async () => {
      const server = await serve((call) => endOnly(call, ["a", "b", "c"]));
      const { recorder, call } = openStream(server.endpoint);
      recorder.on("message", () => {
        call.pause();
        setImmediate(() => call.resume());
      });
      await recorder.over();
      assert.deepEqual([recorder.texts, recorder.error?.code], [["a", "b", "c"], Status.INTERNAL]);
    });

    it("fails a write whose request the server does not read", async () => {
      const server = await serve((call) => endOnly(call, [], false));
      const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
      cleanUp.push(() => transport.close());
      const { error } = await unary(transport, PATH, Buffer.alloc(1_000_000), { deadline: undefined });
      assert.deepEqual([error?.code, error?.message], [Status.INTERNAL, NO_STATUS]);
    });

    it("fails all kinds of calls by an HTTP status, before the response ends", async () => {
      const server = await serve((call) => call.stream.respond({ ":status": 503, "content-type": "application/grpc" }));
      const { recorder } = openStream(server.endpoint);
      await recorder.over();
      const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
      cleanUp.push(() => transport.close());
      const { error } = await unary(transport, PATH, "x", { deadline: undefined });
      for (const each of [recorder.error, error]) {
        assert.deepEqual([each?.code, each?.message], [Status.UNAVAILABLE, "Received HTTP status code 503"]);
      }
      assert.equal(recorder.headers, undefined);
      for (const each of server.calls) await each.closed;
    });

    for (const [what, { trailers, code, message }] of Object.entries(TRAILERS)) {
      it(`fails with a text, alone and after a message: ${what}`, async () => {
        for (const messages of [[], ["a"]]) {
          const server = await serve((call) => {
            for (const each of messages) call.send(Buffer.from(each));
            call.end(0, "", trailers);
          });
          const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
          cleanUp.push(() => transport.close());
          const { error } = await unary(transport, PATH, "x");
          assert.deepEqual([error?.code, error?.message, error?.details], [code, message, []]);
          for (const isRequestOver of [true, false]) {
            const { recorder, call } = openStream(server.endpoint);
            if (isRequestOver) call.end();
            await recorder.over();
            assert.deepEqual([recorder.error?.code, recorder.error?.message], [code, message]);
            assert.deepEqual(recorder.texts, messages);
          }
        }
      });
    }

    it("leaves a stream alone that is quiet, or that ends with a status while its requests continue", async () => {
      const quiet = new EventEmitter();
      const server = await serve(async (call) => {
        call.send(Buffer.from("a"));
        await once(quiet, "over");
        call.send(Buffer.from("b"));
        call.end(0);
      });
      const { recorder } = openStream(server.endpoint);
      await recorder.count(1);
      // A response that ends without a status, and begins later than the quiet one, uses up the patience.
      const unfinished = await serve((call) => endOnly(call, []));
      await openStream(unfinished.endpoint).recorder.over();
      quiet.emit("over");
      await recorder.over();
      assert.deepEqual([recorder.texts, recorder.error], [["a", "b"], undefined]);
    });
  });
}

for (const channel of CHANNELS) {
  it(`a response whose content-length is not the length of its data fails with INTERNAL, over ${channel}`, async (t) => {
    const server = await startFaultServer();
    t.after(() => server.stop());
    const transport = grpcTransport({ channel, endpoints: [server.endpoint] });
    t.after(() => transport.close());
    server.handle(PATH, (call) => {
      call.accept({ "content-length": "100" });
      call.send(Buffer.from("x"));
      call.end(0);
    });
    const { error } = await unary(transport, PATH, "", { deadline: undefined });
    assert.equal(error?.code, Status.INTERNAL);
  });
}
