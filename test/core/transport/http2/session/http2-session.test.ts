import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { SettingId } from "../../../../../runtime/core/transport/http2/frames/setting.js";
import { frame, SERVER_PREFACE } from "../frames/frame-bytes.js";
import { data, goaway, headers, PING, reset, SessionUnderTest, settings } from "./session-under-test.js";

const OK = [":status: 200"];

describe("a session", () => {
  it("begins with the preface, and is ready when the server's settings have come", () => {
    const peer = new SessionUnderTest({}, { isReady: false });
    assert.deepEqual(peer.sent(), ["SETTINGS 2=0 4=65535 6=8192", "WINDOW_UPDATE 0 34465"]);
    assert.equal(peer.session.isOpen, false);
    peer.receive(SERVER_PREFACE);
    assert.deepEqual(peer.events, ["ready"]);
    assert.deepEqual(peer.sent(), ["SETTINGS ACK"]);
    assert.equal(peer.session.isOpen, true);
  });

  it("carries a request and its response", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    assert.equal(peer.send(stream, 10, true), true);
    assert.deepEqual(peer.sent(), ["HEADERS 1", "DATA 1 flow 10 END_STREAM"]);
    peer.receive(headers(1, OK), data(1, 5), headers(1, ["grpc-status: 0"], true));
    assert.deepEqual(stream.events, ["200", "data 5", "trailers END_STREAM", "end"]);
    assert.deepEqual(peer.sent(), []);
    assert.equal(peer.session.streamCount, 0);
  });

  it("tells a server that has responded before the request was whole that no more will come", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    peer.receive(headers(1, OK, true));
    assert.deepEqual(stream.events, ["200 END_STREAM", "end"]);
    assert.deepEqual(peer.sent(), ["HEADERS 1", "RST_STREAM 1 NO_ERROR"]);
  });

  it("responds to pings, and hears the response to its own", () => {
    const peer = new SessionUnderTest();
    peer.receive(PING);
    peer.session.ping();
    assert.deepEqual(peer.sent(), ['PING ACK "12345678"', 'PING "keepaliv"']);
    peer.receive(frame(FrameType.PING, Flag.ACK, 0, "another!"));
    peer.receive(frame(FrameType.PING, Flag.ACK, 0, "keepaliv"));
    assert.deepEqual(peer.events, ["ready", "pong"]);
  });

  it("says so in the block that is sent next when the server's table shrinks, though it was encoded before", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 1]));
    const first = peer.open();
    const [given, second, third] = [peer.open(), peer.open(), peer.open()];
    peer.session.take();
    peer.receive(settings([SettingId.HEADER_TABLE_SIZE, 0]));
    peer.session.reset(given, ErrorCode.CANCEL);
    peer.session.take();
    const blocks = [first, second].map(({ id }) => {
      peer.receive(headers(id, OK, true));
      const [frames = Buffer.alloc(0)] = peer.session.take();
      return frames.subarray(9, 9 + frames.readUIntBE(0, 3)).toString("hex");
    });
    assert.equal(third.id, 5);
    assert.deepEqual(blocks, ["2084", "84"]);
  });

  it("lasts however long its streams wait, as long as its pings get responses", () => {
    const peer = new SessionUnderTest();
    const stream = peer.open();
    for (let i = 0; i < 30_000; i++) {
      peer.session.ping();
      peer.receive(PING, frame(FrameType.PING, Flag.ACK, 0, "keepaliv"));
      peer.session.take();
    }
    peer.receive(headers(1, OK, true));
    assert.deepEqual(stream.events, ["200 END_STREAM", "end"]);
  });
});

describe("streams beyond what the server allows", () => {
  it("wait in line, with what they send", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 1]));
    assert.equal(peer.session.maxConcurrentStreams, 1);
    const [first, second, third] = [peer.open(), peer.openHalf(), peer.open()];
    assert.equal(peer.send(second, 3, true), false);
    assert.deepEqual(peer.sent(), ["SETTINGS ACK", "HEADERS 1", "DATA 1 flow 0 END_STREAM"]);
    assert.equal(peer.session.streamCount, 3);
    peer.receive(headers(1, OK, true));
    assert.deepEqual(peer.sent(), ["HEADERS 3", "DATA 3 flow 3 END_STREAM"]);
    assert.deepEqual(second.events, ["sent"]);
    peer.receive(reset(3, ErrorCode.CANCEL));
    assert.deepEqual(peer.sent(), ["HEADERS 5", "DATA 5 flow 0 END_STREAM"]);
    assert.deepEqual([first.events.at(-1), second.events.at(-1), third.events], ["end", "reset CANCEL", []]);
  });

  it("can be given up there, and nobody is told", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 0]));
    peer.sent();
    const stream = peer.open();
    peer.session.reset(stream, ErrorCode.CANCEL);
    assert.deepEqual(peer.sent(), []);
    assert.equal(peer.session.streamCount, 0);
    assert.equal(peer.events.at(-1), "idle");
  });

  it("are let in when the server allows more", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 0]));
    peer.open();
    peer.sent();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 1]));
    assert.deepEqual(peer.sent(), ["SETTINGS ACK", "HEADERS 1", "DATA 1 flow 0 END_STREAM"]);
  });
});

describe("a server that allows no streams any more", () => {
  it("gives those in line back as never sent, and takes streams when it allows some again", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 1]));
    const [first, second] = [peer.open(), peer.open()];
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 0]));
    assert.deepEqual(first.events, []);
    assert.deepEqual(second.events, ["lost, sent: no: the server allows no streams"]);
    assert.deepEqual(peer.events, ["ready", "limit: 1", "limit: 0"]);
    peer.receive(headers(1, OK, true));
    assert.deepEqual(first.events, ["200 END_STREAM", "end"]);
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 2]));
    assert.equal(peer.open().id, 3);
  });
});

describe("a response with a content-length", () => {
  const of = (length: string): string[] => [...OK, `content-length: ${length}`];
  const cases: readonly [what: string, frames: readonly Buffer[], events: readonly string[]][] = [
    ["is read", [headers(1, of("5")), data(1, 2), data(1, 3, true)], ["200", "data 2", "data 3", "end"]],
    [
      "is read, with trailers",
      [headers(1, of("2")), data(1, 2), headers(1, ["a: b"], true)],
      ["200", "data 2", "trailers END_STREAM", "end"],
    ],
    ["is read, without data", [headers(1, of("0"), true)], ["200 END_STREAM", "end"]],
    [
      "and more data is malformed",
      [headers(1, of("5")), data(1, 6)],
      ["200", "error PROTOCOL_ERROR: more data than its content-length says"],
    ],
    [
      "and less data is malformed",
      [headers(1, of("5")), data(1, 4, true)],
      ["200", "data 4", "error PROTOCOL_ERROR: less data than its content-length says"],
    ],
    [
      "and less data before trailers is malformed",
      [headers(1, of("5")), data(1, 4), headers(1, ["a: b"], true)],
      ["200", "data 4", "trailers END_STREAM", "error PROTOCOL_ERROR: less data than its content-length says"],
    ],
    ["that is no number is malformed", [headers(1, of("5x"))], ["error PROTOCOL_ERROR: a malformed content-length"]],
    [
      "that comes twice with two values is malformed",
      [headers(1, [...of("5"), "content-length: 6"])],
      ["error PROTOCOL_ERROR: a malformed content-length"],
    ],
  ];
  for (const [what, frames, events] of cases) {
    it(what, () => {
      const peer = new SessionUnderTest();
      const stream = peer.open();
      peer.receive(...frames);
      assert.deepEqual(stream.events, events);
      // The next is served, whatever became of this one.
      const next = peer.open();
      peer.receive(headers(next.id, OK, true));
      assert.deepEqual(next.events, ["200 END_STREAM", "end"]);
    });
  }
});

describe("GOAWAY", () => {
  it("ends what the server has not processed, and lets the rest go on", () => {
    const peer = new SessionUnderTest();
    const [first, second] = [peer.open(), peer.open()];
    peer.receive(goaway(1, ErrorCode.NO_ERROR, "bye"));
    assert.deepEqual(second.events, ["lost, sent: unprocessed: GOAWAY from the server: NO_ERROR bye"]);
    assert.equal(peer.session.isOpen, false);
    peer.receive(headers(1, OK, true));
    assert.deepEqual(first.events, ["200 END_STREAM", "end"]);
    assert.deepEqual(peer.events, ["ready", "draining: GOAWAY from the server: NO_ERROR bye", "idle"]);
  });

  it("may come again with a lower stream, not with a higher one", () => {
    const peer = new SessionUnderTest();
    const stream = peer.open();
    peer.receive(goaway(2 ** 31 - 1, ErrorCode.NO_ERROR), goaway(0, ErrorCode.NO_ERROR));
    assert.match(stream.events.join(), /unprocessed/);
    peer.receive(goaway(1, ErrorCode.NO_ERROR));
    assert.match(peer.events.at(-1) ?? "", /^closed: GOAWAY with stream 1 after a GOAWAY with stream 0/);
  });

  it("ends what waits in line as never sent", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.MAX_CONCURRENT_STREAMS, 0]));
    const stream = peer.open();
    peer.receive(goaway(0, ErrorCode.NO_ERROR));
    assert.match(stream.events.join(), /^lost, sent: no/);
  });
});

it("a session whose ids have run out takes no more streams, and those there are go on", () => {
  const peer = new SessionUnderTest({}, { firstId: 2 ** 31 - 3 });
  peer.open();
  assert.equal(peer.session.isOpen, true);
  const last = peer.open();
  assert.equal(peer.session.isOpen, false);
  assert.equal(peer.events.at(-1), "draining: the connection has no more stream ids");
  peer.receive(headers(2 ** 31 - 1, OK, true));
  assert.deepEqual(last.events, ["200 END_STREAM", "end"]);
});

describe("a connection that is lost", () => {
  it("tells the streams that were written from those that were not", () => {
    const peer = new SessionUnderTest();
    const written = peer.open();
    peer.sent();
    const unwritten = peer.open();
    peer.session.lose(new Error("gone"));
    peer.session.lose(new Error("gone again"));
    assert.deepEqual(written.events, ["lost, sent: yes: gone"]);
    assert.deepEqual(unwritten.events, ["lost, sent: no: gone"]);
    assert.deepEqual(peer.events, ["ready", "closed: gone"]);
  });

  it("is what becomes of one whose listener throws, and the error is the listener's", () => {
    const peer = new SessionUnderTest();
    const [stream, other] = [peer.open(), peer.open()];
    stream.onPiece = () => {
      throw new RangeError("a mistake of the listener");
    };
    assert.throws(() => peer.receive(headers(1, OK), data(1, 1)), /^RangeError: a mistake/);
    assert.match(other.events.join(), /^lost, sent: no: a listener failed/);
    peer.receive(data(1, 1));
  });
});

describe("frames of a stream that was given up", () => {
  it("are passed over, and count for the connection's window and the header tables", () => {
    const peer = new SessionUnderTest({ connectionWindow: 70_000 });
    const stream = peer.open();
    peer.session.reset(stream, ErrorCode.CANCEL);
    peer.sent();
    // A literal with incremental indexing: x-first: a.
    const insert = Buffer.from([0x88, 0x40, 7, ...Buffer.from("x-first"), 1, 0x61]);
    peer.receive(frame(FrameType.HEADERS, Flag.END_HEADERS, 1, insert));
    for (let i = 0; i < 3; i++) peer.receive(data(1, 15_000));
    assert.deepEqual(stream.events, []);
    assert.deepEqual(peer.sent(), ["WINDOW_UPDATE 0 45000"]);
    const next = peer.open();
    peer.receive(frame(FrameType.HEADERS, Flag.END_HEADERS, 3, Buffer.of(0x88, 0x80 | 62)));
    assert.deepEqual(next.fields?.fields, [{ name: "x-first", value: "a" }]);
  });
});

describe("data of streams that were given up", () => {
  const fill = (peer: SessionUnderTest, streamId: number): void => {
    const frames = Array.from({ length: 6_553 }, () => data(streamId, 10));
    peer.receive(...frames);
    peer.session.take();
  };

  it("is not a flood as long as it may have been on its way", () => {
    const peer = new SessionUnderTest();
    const streams = Array.from({ length: 20 }, () => peer.open());
    const other = peer.open();
    for (const stream of streams) peer.session.reset(stream, ErrorCode.CANCEL);
    for (const { id } of streams) fill(peer, id);
    peer.receive(headers(other.id, OK, true));
    assert.deepEqual(other.events, ["200 END_STREAM", "end"]);
  });

  it("is one if it is more than their windows allow", () => {
    const peer = new SessionUnderTest();
    peer.session.reset(peer.open(), ErrorCode.CANCEL);
    peer.open();
    for (let i = 0; i < 3; i++) fill(peer, 1);
    assert.match(
      peer.events.at(-1) ?? "",
      /^closed: more than 10000 frames without effect, most recently DATA on a closed/,
    );
  });
});

describe("a server that does not read", () => {
  it("gets no more streams and no data until it does", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    peer.sent();
    peer.session.setBlocked(true);
    assert.equal(peer.send(stream, 5), false);
    const waiting = peer.open();
    assert.deepEqual(peer.sent(), []);
    peer.session.setBlocked(false);
    assert.deepEqual(stream.events, ["sent"]);
    assert.deepEqual(peer.sent(), ["DATA 1 flow 5", "HEADERS 3", "DATA 3 flow 0 END_STREAM"]);
    assert.deepEqual(waiting.events, []);
  });
});
