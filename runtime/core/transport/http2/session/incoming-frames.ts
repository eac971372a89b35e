import { ConnectionError } from "../frames/connection-error.js";
import { ErrorCode, errorCodeName } from "../frames/error-code.js";
import { MAX_31_BITS } from "../frames/frame.js";
import type { FrameHandler } from "../frames/frame-handler.js";
import { type Setting, SettingId } from "../frames/setting.js";
import type { HeaderBlocks } from "./header-blocks.js";
import type { Http2Stream } from "./http2-stream.js";
import type { IdleFrames } from "./idle-frames.js";
import type { OpenStreams, StreamSurroundings } from "./open-streams.js";
import { faultOf } from "./response-fields.js";
import { StreamError } from "./stream-error.js";

/** The payload of our pings. */
const PING = Buffer.from("keepaliv", "latin1");

/** The largest part of a GOAWAY's text that is reported, in bytes. */
const MOST_TEXT = 256;

/** Handles the frames that the peer of a session sends: RFC 9113, sections 5 and 6. */
export class IncomingFrames implements FrameHandler {
  /** Whether the peer's first SETTINGS have arrived. */
  isReady = false;
  /** Whether any response has begun. */
  hasResponded = false;
  readonly #with: StreamSurroundings;
  readonly #streams: OpenStreams;
  readonly #headerBlocks: HeaderBlocks;
  readonly #idleFrames: IdleFrames;
  #lastProcessedId = MAX_31_BITS;
  /** Whether our last ping has not been acknowledged yet. */
  #awaitsPong = false;

  constructor(
    surroundings: StreamSurroundings,
    streams: OpenStreams,
    headerBlocks: HeaderBlocks,
    idleFrames: IdleFrames,
  ) {
    this.#with = surroundings;
    this.#streams = streams;
    this.#headerBlocks = headerBlocks;
    this.#idleFrames = idleFrames;
  }

  /** Sends a ping. The listener's `onPong` follows when it is acknowledged. */
  ping(): void {
    this.#with.writer.ping(PING);
    this.#awaitsPong = true;
  }

  /** Sends the data that the windows allow now. */
  pump(): void {
    if (this.#with.sending.pump()) this.#idleFrames.progress();
  }

  onHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    // Each block changes the decoder's state, so blocks of closed streams are decoded too.
    const fields = this.#headerBlocks.read(block);
    const stream = this.#streamOf(streamId, "HEADERS");
    if (stream === undefined) return;
    const fault = faultOf(fields, stream.hasHeaders, endStream);
    if (fault !== undefined) {
      this.#streams.fail(stream, new StreamError(ErrorCode.PROTOCOL_ERROR, fault));
    } else if (fields.status !== undefined && fields.status < 200) {
      this.#idleFrames.count("interim HEADERS");
    } else {
      this.#idleFrames.progress();
      this.hasResponded = true;
      if (!stream.hasHeaders) stream.dataLeft = fields.contentLength;
      stream.hasHeaders = true;
      stream.onHeaders(fields, endStream);
      if (endStream) this.#streams.end(stream);
    }
  }

  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void {
    const { receiving } = this.#with;
    receiving.take(flowSize);
    const stream = this.#streams.of(streamId, "DATA");
    if (stream === undefined) {
      const isLate = bytes.length > 0 && receiving.takeLate(flowSize);
      if (!isLate) this.#idleFrames.count("DATA on a closed stream");
      return;
    }
    try {
      receiving.takeOf(stream, flowSize);
      if (!stream.hasHeaders) throw new StreamError(ErrorCode.PROTOCOL_ERROR, "DATA before HEADERS");
      if (stream.dataLeft !== -1) takeOfLength(stream, bytes.length);
    } catch (error) {
      this.#streams.fail(stream, error);
      return;
    }
    if (bytes.length > 0) {
      this.#idleFrames.progress();
      stream.onData(bytes);
    } else if (!endStream) {
      this.#idleFrames.count("empty DATA");
    }
    if (endStream) this.#streams.end(stream);
    else if (!stream.isHeld && this.#streams.has(stream)) receiving.giveBack(stream);
  }

  onReset(streamId: number, code: number): void {
    const stream = this.#streamOf(streamId, "RST_STREAM");
    if (stream !== undefined) this.#streams.endByReset(stream, code);
  }

  onSettings(settings: readonly Setting[]): void {
    const { writer, sending, listener, peer } = this.#with;
    const { maxConcurrentStreams } = peer;
    this.#idleFrames.count("SETTINGS");
    for (const setting of lastOfEach(settings)) this.#apply(setting);
    if (this.isReady && peer.maxConcurrentStreams !== maxConcurrentStreams) listener.onLimit();
    if (peer.maxConcurrentStreams === 0) this.#streams.loseLine("the server allows no streams");
    writer.settingsAck();
    if (sending.isBlocked) this.#idleFrames.acknowledge("SETTINGS");
    this.pump();
    this.#streams.admit();
    if (this.isReady) return;
    this.isReady = true;
    listener.onReady();
  }

  onSettingsAck(): void {
    this.#idleFrames.count("SETTINGS");
  }

  onPing(opaque: Buffer): void {
    this.#idleFrames.count("PING");
    this.#with.writer.pingAck(opaque);
    if (this.#with.sending.isBlocked) this.#idleFrames.acknowledge("PING");
  }

  onPingAck(opaque: Buffer): void {
    if (!this.#awaitsPong || !opaque.equals(PING)) {
      this.#idleFrames.count("PING");
      return;
    }
    this.#awaitsPong = false;
    this.#idleFrames.progress();
    this.#with.listener.onPong();
  }

  onGoaway(lastStreamId: number, code: number, debug: Buffer): void {
    this.#idleFrames.count("GOAWAY");
    if (lastStreamId > this.#lastProcessedId) {
      const message = `GOAWAY with stream ${lastStreamId} after a GOAWAY with stream ${this.#lastProcessedId}`;
      throw new ConnectionError(ErrorCode.PROTOCOL_ERROR, message);
    }
    this.#lastProcessedId = lastStreamId;
    const text = debug.toString("latin1", 0, MOST_TEXT);
    const reason = `GOAWAY from the server: ${errorCodeName(code)} ${text}`.trimEnd();
    this.#streams.drain(reason, code, text);
    this.#streams.loseBehind(lastStreamId, reason);
  }

  onIgnored(kind: string): void {
    this.#idleFrames.count(kind);
  }

  onWindowUpdate(streamId: number, increment: number): void {
    const { sending } = this.#with;
    this.#idleFrames.count("WINDOW_UPDATE");
    if (streamId === 0) {
      sending.widen(increment);
    } else {
      const stream = this.#streamOf(streamId, "WINDOW_UPDATE");
      if (stream === undefined) return;
      try {
        sending.widenStream(stream, increment);
      } catch (error) {
        this.#streams.fail(stream, error);
      }
    }
    this.pump();
  }

  #apply({ id, value }: Setting): void {
    const { peer, encoder, writer, sending } = this.#with;
    if (id === SettingId.MAX_CONCURRENT_STREAMS) peer.maxConcurrentStreams = value;
    else if (id === SettingId.HEADER_TABLE_SIZE) encoder.limitTable(value);
    else if (id === SettingId.MAX_FRAME_SIZE) writer.maxFrameSize = value;
    else if (id === SettingId.INITIAL_WINDOW_SIZE) {
      sending.widenAll(this.#streams.all(), value - peer.initialWindowSize);
      peer.initialWindowSize = value;
    }
  }

  /** Returns the stream of a frame; `undefined` if it is closed. */
  #streamOf(streamId: number, kind: string): Http2Stream | undefined {
    const stream = this.#streams.of(streamId, kind);
    if (stream === undefined) this.#idleFrames.count(`${kind} on a closed stream`);
    return stream;
  }
}

/** Counts data against a response's `content-length`: RFC 9113, section 8.1.1. @throws StreamError if it is more */
function takeOfLength(stream: Http2Stream, size: number): void {
  if (size > stream.dataLeft) throw new StreamError(ErrorCode.PROTOCOL_ERROR, "more data than its content-length says");
  stream.dataLeft -= size;
}

/** Returns the last setting of each kind, because applying a setting may take a step for each stream. */
function lastOfEach(settings: readonly Setting[]): Iterable<Setting> {
  return new Map(settings.map((setting) => [setting.id, setting])).values();
}
