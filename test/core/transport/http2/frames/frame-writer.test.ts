import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FrameWriter } from "../../../../../runtime/core/transport/http2/frames/frame-writer.js";
import { OutputBuffer } from "../../../../../runtime/core/transport/http2/frames/output-buffer.js";
import { type Setting, SettingId } from "../../../../../runtime/core/transport/http2/frames/setting.js";
import { SERVER_PREFACE } from "./frame-bytes.js";
import { read } from "./frame-recorder.js";

/** What was written, in hexadecimal digits. */
function written(write: (frames: FrameWriter, out: OutputBuffer) => void): string {
  const out = new OutputBuffer();
  write(new FrameWriter(out), out);
  return Buffer.concat(out.take()).toString("hex");
}

test("each kind of frame, byte by byte", () => {
  const settings: readonly Setting[] = [
    { id: SettingId.ENABLE_PUSH, value: 0 },
    { id: SettingId.INITIAL_WINDOW_SIZE, value: 0x7fff_ffff },
  ];
  const magic = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").toString("hex");
  assert.equal(
    written((frames) => frames.preface(settings)),
    `${magic}00000c04000000000000020000000000047fffffff`,
  );
  assert.equal(
    written((frames) => frames.preface([])),
    `${magic}000000040000000000`,
  );
  assert.equal(
    written((frames) => frames.settingsAck()),
    "000000040100000000",
  );
  const bytes = Buffer.from("abcdefgh");
  assert.equal(
    written((frames) => frames.headers(1, bytes, false)),
    "0000080104000000016162636465666768",
  );
  assert.equal(
    written((frames) => frames.headers(0x7fff_ffff, bytes, true)),
    "00000801057fffffff6162636465666768",
  );
  assert.equal(
    written((frames) => frames.data(3, bytes, 2, 5, false)),
    "000003000000000003636465",
  );
  assert.equal(
    written((frames) => frames.data(3, bytes, 0, 0, true)),
    "000000000100000003",
  );
  assert.equal(
    written((frames, out) => {
      frames.dataHeader(3, 3, true);
      out.append(bytes, 0, 1);
      out.append(bytes, 6);
    }),
    "000003000100000003616768",
  );
  assert.equal(
    written((frames) => frames.windowUpdate(0, 0x7fff_ffff)),
    "0000040800000000007fffffff",
  );
  assert.equal(
    written((frames) => frames.ping(bytes)),
    "0000080600000000006162636465666768",
  );
  assert.equal(
    written((frames) => frames.pingAck(bytes)),
    "0000080601000000006162636465666768",
  );
  assert.equal(
    written((frames) => frames.reset(5, 8)),
    "00000403000000000500000008",
  );
  assert.equal(
    written((frames) => frames.goaway(0, 9, "é")),
    "00000a0700000000000000000000000009c3a9",
  );
  assert.equal(
    written((frames) => frames.goaway(0, 0)),
    "0000080700000000000000000000000000",
  );
});

test("a header block goes on in CONTINUATION frames where the peer takes no larger ones", () => {
  const block = Buffer.from("abcdefgh");
  const pieces = (maxFrameSize: number): string =>
    written((frames) => {
      frames.maxFrameSize = maxFrameSize;
      frames.headers(1, block, true);
    });
  assert.equal(pieces(8), "0000080105000000016162636465666768");
  assert.equal(pieces(4), "0000040101000000016162636400000409040000000165666768");
  assert.equal(pieces(3), "00000301010000000161626300000309000000000164656600000209040000000167" + "68");
});

test("what is written is read the same", () => {
  const bytes = fc.uint8Array({ maxLength: 20_000, size: "max" }).map((each) => Buffer.from(each));
  const streamId = fc.integer({ min: 1, max: 0x7fff_ffff });
  const code = fc.integer({ min: 0, max: 13 });
  const opaque = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((each) => Buffer.from(each));
  type Write = [(frames: FrameWriter) => void, event: string];
  const quoted = (each: Buffer): string => JSON.stringify(each.toString("latin1"));
  const end = (endStream: boolean): string => (endStream ? " END_STREAM" : "");
  const write: fc.Arbitrary<Write> = fc.oneof(
    fc
      .tuple(streamId, bytes, fc.boolean())
      .map<Write>(([id, block, endStream]) => [
        (frames) => frames.headers(id, block, endStream),
        `HEADERS ${id} ${quoted(block)}${end(endStream)}`,
      ]),
    fc.tuple(streamId, bytes, fc.boolean()).map<Write>(([id, data, endStream]) => {
      const length = Math.min(data.length, 16_384);
      return [
        (frames) => frames.data(id, data, 0, length, endStream),
        `DATA ${id} ${quoted(data.subarray(0, length))} flow ${length}${end(endStream)}`,
      ];
    }),
    opaque.map<Write>((each) => [(frames) => frames.ping(each), `PING ${quoted(each)}`]),
    opaque.map<Write>((each) => [(frames) => frames.pingAck(each), `PING ACK ${quoted(each)}`]),
    fc
      .tuple(streamId, streamId)
      .map<Write>(([id, increment]) => [
        (frames) => frames.windowUpdate(id, increment),
        `WINDOW_UPDATE ${id} ${increment}`,
      ]),
    fc.tuple(streamId, code).map<Write>(([id]) => [(frames) => frames.reset(id, 8), `RST_STREAM ${id} CANCEL`]),
    fc.constant<Write>([(frames) => frames.settingsAck(), "SETTINGS ACK"]),
  );
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), fc.boolean(), (writes, takesOften) => {
      const out = new OutputBuffer();
      const frames = new FrameWriter(out);
      const chunks: Buffer[] = [SERVER_PREFACE];
      for (const [each] of writes) {
        each(frames);
        if (takesOften) chunks.push(...out.take());
      }
      chunks.push(...out.take());
      assert.deepEqual(read([Buffer.concat(chunks)]), ["SETTINGS", ...writes.map(([, event]) => event)]);
    }),
    { numRuns: 300 },
  );
});
