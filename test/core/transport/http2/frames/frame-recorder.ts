import assert from "node:assert/strict";
import { ConnectionError } from "../../../../../runtime/core/transport/http2/frames/connection-error.js";
import { errorCodeName } from "../../../../../runtime/core/transport/http2/frames/error-code.js";
import type { FrameHandler } from "../../../../../runtime/core/transport/http2/frames/frame-handler.js";
import { type FrameLimits, FrameReader } from "../../../../../runtime/core/transport/http2/frames/frame-reader.js";
import type { Setting } from "../../../../../runtime/core/transport/http2/frames/setting.js";

/** Records the events of a reader, with a line for each event or each piece of a DATA frame. */
export class FrameRecorder implements FrameHandler {
  readonly events: string[] = [];

  onData(streamId: number, bytes: Buffer, flowSize: number, endStream: boolean): void {
    this.events.push(`DATA ${streamId} ${quoted(bytes)} flow ${flowSize}${endStream ? " END_STREAM" : ""}`);
  }

  onHeaders(streamId: number, block: Buffer, endStream: boolean): void {
    this.events.push(`HEADERS ${streamId} ${quoted(block)}${endStream ? " END_STREAM" : ""}`);
  }

  onReset(streamId: number, code: number): void {
    this.events.push(`RST_STREAM ${streamId} ${errorCodeName(code)}`);
  }

  onSettings(settings: readonly Setting[]): void {
    this.events.push(["SETTINGS", ...settings.map(({ id, value }) => `${id}=${value}`)].join(" "));
  }

  onSettingsAck(): void {
    this.events.push("SETTINGS ACK");
  }

  onPing(opaque: Buffer): void {
    this.events.push(`PING ${quoted(opaque)}`);
  }

  onPingAck(opaque: Buffer): void {
    this.events.push(`PING ACK ${quoted(opaque)}`);
  }

  onGoaway(lastStreamId: number, code: number, debug: Buffer): void {
    this.events.push(`GOAWAY ${lastStreamId} ${errorCodeName(code)} ${quoted(debug)}`);
  }

  onWindowUpdate(streamId: number, increment: number): void {
    this.events.push(`WINDOW_UPDATE ${streamId} ${increment}`);
  }

  /** Not recorded, because ignored frames have no effect. */
  onIgnored(): void {}
}

export const LIMITS: FrameLimits = { maxFrameSize: 16_384, maxHeaderBlockSize: 32_768 };

/**
 * Reads chunks one after the other and returns the events. The last event can be a failure of the connection. Other
 * errors are thrown.
 */
export function read(chunks: readonly Buffer[], limits: FrameLimits = LIMITS): string[] {
  const recorder = new FrameRecorder();
  const reader = new FrameReader(recorder, limits);
  try {
    for (const chunk of chunks) reader.read(chunk);
  } catch (error) {
    assert.ok(error instanceof ConnectionError, error instanceof Error ? error.stack : String(error));
    recorder.events.push(`error ${errorCodeName(error.code)}: ${error.message}`);
  }
  return recorder.events;
}

function quoted(bytes: Buffer): string {
  return JSON.stringify(bytes.toString("latin1"));
}
