import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import type { GatewayError } from "../../../../runtime/core/errors/gateway-error.js";
import { Status } from "../../../../runtime/core/errors/status.js";
import type { AttemptListener, Failure } from "../../../../runtime/core/transport/endpoints/attempt.js";
import { ErrorCode } from "../../../../runtime/core/transport/http2/frames/error-code.js";
import { Flag, FrameType } from "../../../../runtime/core/transport/http2/frames/frame.js";
import { LeanAttempt } from "../../../../runtime/core/transport/lean/lean-attempt.js";
import type { Metadata } from "../../../../runtime/core/transport/transport.js";
import { frame as message } from "../../../faults/fault-server.js";
import { frame } from "../http2/frames/frame-bytes.js";
import { goaway, headers, reset, SessionUnderTest } from "../http2/session/session-under-test.js";

const HEAD = [":status: 200", "content-type: application/grpc"];
const OK = ["grpc-status: 0"];

/** An attempt of a call at a server that a test plays, and what its caller hears. */
class Trial implements AttemptListener {
  readonly peer: SessionUnderTest = new SessionUnderTest({ streamWindow: 2 ** 20, connectionWindow: 2 ** 20 });
  readonly attempt: LeanAttempt = new LeanAttempt(this.peer.session, this);
  headers: Metadata | undefined;
  trailers: Metadata | undefined;
  /** The sizes of the large messages that were announced. */
  readonly large: number[] = [];
  readonly messages: Buffer[] = [];
  failure: Failure | undefined;
  error: GatewayError | undefined;
  ends = 0;
  onEach: () => void = () => {};

  constructor() {
    this.peer.session.open(this.attempt, Buffer.of(0x83));
    this.attempt.send(Buffer.from("request"), true);
    this.peer.sent();
  }

  /** The server sends bytes as DATA. */
  data(bytes: Buffer, endStream: boolean = false): void {
    this.peer.receive(frame(FrameType.DATA, endStream ? Flag.END_STREAM : 0, 1, bytes));
  }

  onHeaders(received: Metadata): void {
    this.headers = received;
  }

  onLarge(length: number): void {
    this.large.push(length);
  }

  onMessage(received: Buffer): void {
    assert.equal(this.ends, 0, "a message behind the end");
    this.messages.push(received);
    this.onEach();
  }

  onSent(): void {}

  onOk(trailers: Metadata): void {
    this.ends += 1;
    this.trailers = trailers;
  }

  onFailed(failure: Failure, error: GatewayError, trailers: Metadata): void {
    this.ends += 1;
    this.failure = failure;
    this.error = error;
    this.trailers = trailers;
  }
}

describe("messages", () => {
  it("are the same however they are cut into frames, and wherever the caller pauses", async () => {
    const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
    const property = fc.asyncProperty(
      fc.array(bytes, { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      async (messages, places, pauses) => {
        const all = Buffer.concat(messages.map((each) => message(each)));
        const cuts = [0, ...places.map((place) => place % (all.length + 1)).sort((a, b) => a - b), all.length];
        const trial = new Trial();
        trial.onEach = () => {
          if (pauses[trial.messages.length - 1] !== true) return;
          trial.attempt.pause();
          setImmediate(() => trial.attempt.resume());
        };
        trial.peer.receive(headers(1, HEAD));
        for (const [i, end] of cuts.slice(1).entries()) {
          trial.data(all.subarray(cuts[i], end));
          if (i % 3 === 0) await turn();
        }
        trial.peer.receive(headers(1, OK, true));
        while (trial.ends === 0) await turn();
        assert.equal(trial.error, undefined);
        assert.deepEqual(trial.messages, messages);
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });

  it("that lie in one frame are not copied", () => {
    const trial = new Trial();
    const chunk = Buffer.concat([headers(1, HEAD), frame(FrameType.DATA, 0, 1, message(Buffer.from("abc")))]);
    trial.peer.session.receive(chunk);
    assert.equal(trial.messages[0]?.buffer, chunk.buffer);
  });

  it("get memory as they come, not by what their prefix says", () => {
    const trial = new Trial();
    trial.peer.receive(headers(1, HEAD));
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(2 ** 31 - 1, 1);
    const before = process.memoryUsage().arrayBuffers;
    trial.data(prefix);
    for (let i = 0; i < 100; i++) trial.data(Buffer.alloc(16_384));
    const taken = process.memoryUsage().arrayBuffers - before;
    assert.ok(taken < 32 * 1024 * 1024, `${taken} bytes for a message of which 1.6 MB have come`);
    trial.attempt.cancel();
  });

  it("that are large come whole", () => {
    const trial = new Trial();
    trial.peer.receive(headers(1, HEAD));
    const large = Buffer.alloc(40_000_000, "0123456789abcdef");
    const bytes = message(large);
    for (let at = 0; at < bytes.length; at += 16_384) {
      trial.data(bytes.subarray(at, at + 16_384));
      trial.peer.session.take();
    }
    trial.peer.receive(headers(1, OK, true));
    assert.ok(trial.messages[0]?.equals(large));
    assert.equal(trial.error, undefined);
  });
});

const malformed: readonly [what: string, bytes: Buffer, code: number, text: RegExp][] = [
  ["too long", Buffer.from([0, 0x80, 0, 0, 0]), Status.RESOURCE_EXHAUSTED, /^Received message larger than max/],
  ["compressed", message(Buffer.from("x"), true), Status.INTERNAL, /^the response could not be decompressed$/],
  ["of no gRPC", Buffer.from("<html>"), Status.INTERNAL, /^the response is not a gRPC message$/],
];
for (const [what, bytes, code, text] of malformed) {
  for (const size of [1, bytes.length]) {
    it(`a message that is ${what} ends the call at once, in frames of ${size}`, () => {
      const trial = new Trial();
      trial.peer.receive(headers(1, HEAD));
      for (let at = 0; at < bytes.length; at += size) trial.data(bytes.subarray(at, at + size));
      assert.equal(trial.error?.code, code);
      assert.match(trial.error?.message ?? "", text);
      assert.equal(trial.ends, 1);
      assert.deepEqual(trial.peer.sent(), ["RST_STREAM 1 CANCEL"]);
    });
  }
}

it("a response that ends in the middle of a message fails, though the status says OK", () => {
  for (const size of [1, 4, 5, 9]) {
    const trial = new Trial();
    trial.peer.receive(headers(1, HEAD));
    trial.data(message(Buffer.from("whole")));
    trial.data(message(Buffer.from("12345")).subarray(0, size));
    trial.peer.receive(headers(1, OK, true));
    assert.deepEqual(trial.messages.map(String), ["whole"]);
    assert.equal(trial.error?.code, Status.INTERNAL, `${size} bytes`);
    assert.match(trial.error?.message ?? "", /ends in the middle of a message/);
  }
});

it("a response of another content type fails at once, and its text names the type", () => {
  for (const type of ["text/html", "application/json", "application/grpc-web", "application/grpcx"]) {
    const trial = new Trial();
    trial.peer.receive(headers(1, [":status: 200", `content-type: ${type}`]));
    assert.equal(trial.error?.code, Status.UNKNOWN);
    assert.match(trial.error?.message ?? "", new RegExp(`"${type}"$`));
    assert.deepEqual(trial.peer.sent(), ["RST_STREAM 1 CANCEL"]);
  }
  for (const type of ["application/grpc", "application/grpc+proto", "application/grpc; charset=utf-8"]) {
    const trial = new Trial();
    trial.peer.receive(headers(1, [":status: 200", `content-type: ${type}`]));
    assert.equal(trial.error, undefined, type);
  }
});

it("another status of HTTP fails at once, unless one of gRPC comes with it", () => {
  const page = new Trial();
  page.peer.receive(headers(1, [":status: 503", "content-type: text/html"]));
  assert.deepEqual([page.error?.code, page.error?.message], [Status.UNAVAILABLE, "Received HTTP status code 503"]);
  assert.equal(page.failure, "final");
  const status = new Trial();
  status.peer.receive(headers(1, [":status: 503", "grpc-status: 5", "grpc-message: no%20such%20key%"], true));
  assert.deepEqual([status.error?.code, status.error?.message], [Status.NOT_FOUND, "no%20such%20key%"]);
});

it("the text of an error keeps the spaces at its ends", () => {
  const trial = new Trial();
  trial.peer.receive(headers(1, [...HEAD, "grpc-status: 5", "grpc-message:  no such key "], true));
  assert.equal(trial.error?.message, " no such key ");
});

it("interim headers are passed over", () => {
  const trial = new Trial();
  trial.peer.receive(headers(1, [":status: 100"]), headers(1, [":status: 103", "link: x"]), headers(1, HEAD));
  trial.data(message(Buffer.from("x")));
  trial.peer.receive(headers(1, OK, true));
  assert.deepEqual(trial.headers, [["content-type", "application/grpc"]]);
  assert.equal(trial.error, undefined);
});

it("values of -bin keys may have padding, lack it, or be several", () => {
  const trial = new Trial();
  trial.peer.receive(headers(1, [...HEAD, "a-bin: AAE=", "b-bin: AAE", "c-bin: AA==,AQ", "d: 1", "d: 2"]));
  assert.deepEqual(trial.headers?.slice(1), [
    ["a-bin", Buffer.of(0, 1)],
    ["b-bin", Buffer.of(0, 1)],
    ["c-bin", Buffer.of(0)],
    ["c-bin", Buffer.of(1)],
    ["d", "1, 2"],
  ]);
});

describe("whether a call may be sent again", () => {
  const cases: readonly [what: string, act: (trial: Trial) => void, failure: Failure][] = [
    ["a refusal", ({ peer }) => peer.receive(reset(1, ErrorCode.REFUSED_STREAM)), "refused"],
    ["a goodbye that leaves it out", ({ peer }) => peer.receive(goaway(0, ErrorCode.NO_ERROR)), "refused"],
    ["a reset", ({ peer }) => peer.receive(reset(1, ErrorCode.INTERNAL_ERROR)), "final"],
    ["a canceled stream", ({ peer }) => peer.receive(reset(1, ErrorCode.CANCEL)), "broken"],
    ["a lost connection", ({ peer }) => peer.session.lose(new Error("gone")), "broken"],
    [
      "a lost connection behind headers",
      ({ peer }) => {
        peer.receive(headers(1, HEAD));
        peer.session.lose(new Error("gone"));
      },
      "final",
    ],
    [
      "a refusal behind headers",
      ({ peer }) => peer.receive(headers(1, HEAD), reset(1, ErrorCode.REFUSED_STREAM)),
      "final",
    ],
    ["an end without a status", ({ peer }) => peer.receive(headers(1, HEAD, true)), "final"],
    ["a status", ({ peer }) => peer.receive(headers(1, [...HEAD, "grpc-status: 14"], true)), "final"],
  ];
  for (const [what, act, failure] of cases) {
    it(`${what}: ${failure}`, () => {
      const trial = new Trial();
      act(trial);
      assert.equal(trial.failure, failure);
      assert.equal(trial.ends, 1);
    });
  }
});

it("an attempt that is canceled hears nothing more, and the server hears of it", () => {
  const trial = new Trial();
  trial.peer.receive(headers(1, HEAD));
  trial.onEach = () => trial.attempt.cancel();
  trial.data(Buffer.concat([message(Buffer.from("a")), message(Buffer.from("b"))]));
  assert.deepEqual(trial.messages.map(String), ["a"]);
  assert.deepEqual(trial.peer.sent(), ["RST_STREAM 1 CANCEL"]);
  trial.peer.receive(headers(1, OK, true));
  trial.attempt.send(Buffer.from("x"), false);
  trial.attempt.end();
  assert.deepEqual(trial.peer.sent(), []);
  assert.equal(trial.ends, 0);
});

it("a pause holds the window back, and what it holds is one buffer", async () => {
  const trial = new Trial();
  trial.peer.receive(headers(1, HEAD));
  trial.attempt.pause();
  const bytes = message(Buffer.alloc(600_000, "x"));
  for (let at = 0; at < bytes.length; at += 16_000) trial.data(bytes.subarray(at, at + 16_000));
  assert.ok(!trial.peer.sent().some((line) => line.startsWith("WINDOW_UPDATE 1 ")));
  assert.equal(trial.messages.length, 0);
  trial.attempt.resume();
  await turn();
  assert.equal(trial.messages[0]?.length, 600_000);
  assert.deepEqual(trial.peer.sent(), ["WINDOW_UPDATE 1 600005"]);
});
