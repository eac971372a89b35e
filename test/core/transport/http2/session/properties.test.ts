// Whatever a server sends, in whatever pieces, is an event, the end of a stream or the end of the connection.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ErrorCode } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { SERVER_PREFACE } from "../frames/frame-bytes.js";
import {
  data,
  goaway,
  headers,
  PING,
  type RecordedStream,
  reset,
  SessionUnderTest,
  settings,
  windowUpdate,
} from "./session-under-test.js";

const STREAMS = 4;
const streamId = fc.integer({ min: 0, max: STREAMS - 1 }).map((i) => 2 * i + 1);
const frames: fc.Arbitrary<Buffer> = fc.oneof(
  streamId.map((id) => headers(id, [":status: 200", "content-type: application/grpc"])),
  streamId.map((id) => headers(id, ["grpc-status: 0"], true)),
  fc.tuple(streamId, fc.integer({ min: 0, max: 300 }), fc.boolean()).map(([id, size, end]) => data(id, size, end)),
  fc.tuple(streamId, fc.integer({ min: 0, max: 20 })).map(([id, code]) => reset(id, Math.min(code, 13) as ErrorCode)),
  fc.tuple(streamId, fc.integer({ min: 1, max: 2 ** 31 - 1 })).map(([id, size]) => windowUpdate(id, size)),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat()).map((setting) => settings(setting)),
  streamId.map((id) => goaway(id, ErrorCode.NO_ERROR, "bye")),
  fc.constant(PING),
);
const conversation = fc.array(frames, { maxLength: 20 }).map((all) => Buffer.concat([SERVER_PREFACE, ...all]));

interface Outcome {
  readonly events: readonly string[];
  readonly streams: readonly RecordedStream[];
}

/** Lets a server send chunks to a session with some streams open. */
function play(chunks: readonly Buffer[]): Outcome {
  const peer = new SessionUnderTest();
  const streams = Array.from({ length: STREAMS }, () => peer.openHalf());
  for (const stream of streams) peer.send(stream, 100, false);
  peer.session.take();
  for (const chunk of chunks) {
    peer.receive(chunk);
    peer.session.take();
  }
  peer.session.lose(new Error("the end"));
  return { events: peer.events, streams };
}

/** The events of a stream, data as their sum: how they are cut follows the chunks. */
function summary({ streams }: Outcome): unknown {
  return streams.map((stream) => [stream.received, stream.events.filter((event) => !event.startsWith("data"))]);
}

const ENDS = /^(end|reset|error|lost)/;

test("cutting what a server sends differently changes nothing", () => {
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  fc.assert(
    fc.property(conversation, cuts, (bytes, places) => {
      const at = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const chunks = at.slice(1).map((end, i) => bytes.subarray(at[i], end));
      const [whole, cut] = [play([bytes]), play(chunks)];
      assert.deepEqual(summary(cut), summary(whole));
      assert.deepEqual(cut.events, whole.events);
    }),
  );
});

test("each stream ends once, whatever comes", () => {
  fc.assert(
    fc.property(conversation, (bytes) => {
      for (const { events } of play([bytes]).streams) {
        assert.equal(events.filter((event) => ENDS.test(event)).length, 1, events.join());
        assert.match(events.at(-1) ?? "", ENDS);
      }
    }),
  );
});

test("frames with some bytes changed are events, or the end of a stream or of the connection, and never thrown", () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(conversation, changes, (original, changed) => {
      const bytes = Buffer.from(original);
      for (const [place, value] of changed) bytes[place % bytes.length] = value;
      for (const { events } of play([bytes]).streams) {
        assert.equal(events.filter((event) => ENDS.test(event)).length, 1, events.join());
      }
    }),
    { numRuns: 500 },
  );
});

test("random bytes end the connection, or wait for more", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { events } = play([Buffer.from(bytes)]);
      assert.match(events.at(-1) ?? "", /^closed: /);
    }),
  );
});
