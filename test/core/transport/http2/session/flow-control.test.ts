import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ErrorCode } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import { Flag, FrameType } from "../../../../../runtime/core/transport/http2/frames/frame.js";
import { SettingId } from "../../../../../runtime/core/transport/http2/frames/setting.js";
import { frame, padded } from "../frames/frame-bytes.js";
import { data, headers, SessionUnderTest, settings, windowUpdate } from "./session-under-test.js";

const OK = [":status: 200"];

describe("sending", () => {
  it("keeps to the largest frame that the server takes", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    peer.sent();
    assert.equal(peer.send(stream, 40_000, true), false);
    assert.deepEqual(peer.sent(), ["DATA 1 flow 16384", "DATA 1 flow 16384", "DATA 1 flow 7232 END_STREAM"]);
    assert.deepEqual(stream.events, ["sent"]);
    peer.receive(settings([SettingId.MAX_FRAME_SIZE, 20_000]));
    const next = peer.openHalf();
    peer.send(next, 20_000);
    assert.deepEqual(peer.sent(), ["SETTINGS ACK", "HEADERS 3", "DATA 3 flow 20000"]);
  });

  it("keeps to the window of a stream, and goes on when the server widens it", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.INITIAL_WINDOW_SIZE, 10]));
    const stream = peer.openHalf();
    peer.send(stream, 25, true);
    assert.deepEqual(peer.sent(), ["SETTINGS ACK", "HEADERS 1", "DATA 1 flow 10"]);
    peer.receive(windowUpdate(1, 5));
    assert.deepEqual(peer.sent(), ["DATA 1 flow 5"]);
    assert.deepEqual(stream.events, []);
    peer.receive(windowUpdate(1, 100));
    assert.deepEqual(peer.sent(), ["DATA 1 flow 10 END_STREAM"]);
    assert.deepEqual(stream.events, ["sent"]);
  });

  it("keeps to the window of the connection, in which the streams take turns", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.INITIAL_WINDOW_SIZE, 1_000_000]));
    const [first, second] = [peer.openHalf(), peer.openHalf()];
    peer.send(first, 60_000);
    peer.send(second, 60_000);
    peer.sent();
    peer.receive(windowUpdate(0, 50_000));
    const order = peer.sent().map((line) => /^DATA (\d)/.exec(line)?.[1]);
    assert.deepEqual(order, ["3", "3", "3", "3"]);
    peer.send(first, 60_000);
    peer.send(second, 60_000);
    peer.receive(windowUpdate(0, 65_536));
    const turns = peer.sent().map((line) => /^DATA (\d)/.exec(line)?.[1]);
    assert.deepEqual(turns, ["3", "1", "3", "1"]);
  });

  it("heeds settings that make a window negative", () => {
    const peer = new SessionUnderTest();
    const stream = peer.openHalf();
    peer.send(stream, 16_000);
    peer.receive(settings([SettingId.INITIAL_WINDOW_SIZE, 0]));
    assert.equal(stream.sendWindow, -16_000);
    peer.sent();
    peer.send(stream, 1);
    peer.receive(windowUpdate(1, 16_000));
    assert.deepEqual(peer.sent(), []);
    peer.receive(windowUpdate(1, 1));
    assert.deepEqual(peer.sent(), ["DATA 1 flow 1"]);
  });

  it("needs no window for the end, and takes it behind what waits", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.INITIAL_WINDOW_SIZE, 0]));
    const [empty, full] = [peer.open(), peer.openHalf()];
    peer.send(full, 1);
    peer.session.end(full);
    assert.deepEqual(peer.sent(), ["SETTINGS ACK", "HEADERS 1", "DATA 1 flow 0 END_STREAM", "HEADERS 3"]);
    peer.receive(windowUpdate(3, 1));
    assert.deepEqual(peer.sent(), ["DATA 3 flow 1 END_STREAM"]);
    assert.deepEqual(empty.events, []);
  });

  it("keeps little output for a server that allows much", () => {
    const peer = new SessionUnderTest();
    peer.receive(settings([SettingId.INITIAL_WINDOW_SIZE, 2 ** 31 - 1]), windowUpdate(0, 2 ** 30));
    const stream = peer.openHalf();
    assert.equal(peer.send(stream, 10_000_000), false);
    const size = peer.session.take().reduce((sum, chunk) => sum + chunk.length, 0);
    assert.ok(size < 300_000, `${size} bytes of output`);
  });
});

describe("receiving", () => {
  it("gives windows back when half of them is used up, padding and all", () => {
    const peer = new SessionUnderTest({ streamWindow: 100_000, connectionWindow: 200_000 });
    peer.open();
    peer.sent();
    peer.receive(headers(1, OK), data(1, 16_000), data(1, 16_000), data(1, 16_000));
    assert.deepEqual(peer.sent(), []);
    peer.receive(frame(FrameType.DATA, Flag.PADDED, 1, padded(Buffer.alloc(1_899), 100)));
    assert.deepEqual(peer.sent(), ["WINDOW_UPDATE 1 50000"]);
    for (let i = 0; i < 5; i++) peer.receive(data(1, 10_000));
    assert.deepEqual(peer.sent(), ["WINDOW_UPDATE 0 100000", "WINDOW_UPDATE 1 50000"]);
  });

  it("holds a stream's window back, and never the connection's", () => {
    const peer = new SessionUnderTest({ connectionWindow: 80_000 });
    const [held, other] = [peer.open(), peer.open()];
    held.isHeld = true;
    peer.sent();
    peer.receive(headers(1, OK), ...Array.from({ length: 4 }, () => data(1, 16_000)));
    assert.deepEqual(peer.sent(), ["WINDOW_UPDATE 0 48000"]);
    peer.receive(headers(3, OK), data(3, 16_000), data(3, 16_000), data(3, 16_000));
    assert.equal(other.received, 48_000);
    assert.ok(!peer.sent().includes("WINDOW_UPDATE 1 64000"));
    held.isHeld = false;
    peer.session.release(held);
    assert.deepEqual(peer.sent(), ["WINDOW_UPDATE 1 64000"]);
  });

  it("ends a stream that gets more than its window, and no other", () => {
    const peer = new SessionUnderTest();
    const [held, other] = [peer.open(), peer.open()];
    held.isHeld = true;
    peer.sent();
    peer.receive(headers(1, OK), ...Array.from({ length: 5 }, () => data(1, 16_000)));
    assert.equal(held.events.at(-1), "error FLOW_CONTROL_ERROR: more data than the window of the stream allows");
    assert.ok(peer.sent().includes("RST_STREAM 1 FLOW_CONTROL_ERROR"));
    peer.receive(headers(3, OK, true));
    assert.deepEqual(other.events, ["200 END_STREAM", "end"]);
  });
});

describe("a window beyond 2^31-1", () => {
  it("ends the stream", () => {
    const peer = new SessionUnderTest();
    const [stream, other] = [peer.open(), peer.open()];
    peer.sent();
    peer.receive(windowUpdate(1, 2 ** 31 - 1));
    assert.deepEqual(stream.events, ["error FLOW_CONTROL_ERROR: a window of the stream beyond 2^31-1"]);
    assert.deepEqual(peer.sent(), [`RST_STREAM 1 ${"FLOW_CONTROL_ERROR"}`]);
    assert.deepEqual(other.events, []);
  });

  it("of the connection ends that", () => {
    const peer = new SessionUnderTest();
    peer.receive(windowUpdate(0, 2 ** 31 - 1));
    assert.equal(peer.events.at(-1), "closed: a window of the connection beyond 2^31-1");
    assert.match(peer.sent().at(-1) ?? "", /^GOAWAY 0 FLOW_CONTROL_ERROR/);
  });

  it("by settings ends the connection", () => {
    const peer = new SessionUnderTest();
    peer.open();
    peer.receive(windowUpdate(1, 2 ** 31 - 1 - 65_535), settings([SettingId.INITIAL_WINDOW_SIZE, 65_536]));
    assert.match(peer.sent().at(-1) ?? "", /^GOAWAY 0 FLOW_CONTROL_ERROR/);
    assert.equal(ErrorCode.FLOW_CONTROL_ERROR, 3);
  });
});

it("a frame larger than the connection's window ends the connection", () => {
  const peer = new SessionUnderTest({ connectionWindow: 10_000 });
  peer.open();
  peer.sent();
  peer.receive(headers(1, OK), data(1, 16_000));
  assert.equal(peer.events.at(-1), "closed: more data than the window of the connection allows");
  assert.match(peer.sent().at(-1) ?? "", /^GOAWAY 0 FLOW_CONTROL_ERROR/);
});
