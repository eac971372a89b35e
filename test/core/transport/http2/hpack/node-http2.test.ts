// Both directions against nghttp2's HPACK, as Node.js has it: requests of our encoder, responses for our decoder.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Http2Server, type OutgoingHttpHeaders, sensitiveHeaders } from "node:http2";
import { type AddressInfo, connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { FrameReader } from "../../../../../runtime/core/transport/http2/frames/frame-reader.js";
import { FrameWriter } from "../../../../../runtime/core/transport/http2/frames/frame-writer.js";
import { OutputBuffer } from "../../../../../runtime/core/transport/http2/frames/output-buffer.js";
import { SettingId } from "../../../../../runtime/core/transport/http2/frames/setting.js";
import type { HeaderField } from "../../../../../runtime/core/transport/http2/hpack/header-field.js";
import { HpackDecoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-decoder.js";
import { encodeFields, HpackEncoder } from "../../../../../runtime/core/transport/http2/hpack/hpack-encoder.js";
import { FrameRecorder, LIMITS } from "../frames/frame-recorder.js";

/** The response to the next request. */
let answer: OutgoingHttpHeaders = {};

/** The last request that the server got. */
let request: OutgoingHttpHeaders = {};

let server: Http2Server;

before(async () => {
  // Tables that are larger than the default for responses, and smaller for requests.
  server = createServer({ maxDeflateDynamicTableSize: 65_536, settings: { headerTableSize: 1000 } });
  server.on("stream", (stream, headers) => {
    request = headers;
    stream.respond(answer, { endStream: true });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});

after(() => void server.close());

test("responses are decoded to what the server sent, and requests arrive as they were sent", async () => {
  const character = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f);
  const value = fc
    .oneof(
      fc.constantFrom("0", "application/grpc", "Thu, 01 Jan 2026 00:00:00 GMT", "0123456789".repeat(200)),
      fc.array(character, { maxLength: 60 }).map((codes) => String.fromCharCode(...codes)),
    )
    .map((text) => text.trim());
  const name = fc.oneof(
    fc.constantFrom("content-type", "server", "etag", "location", "grpc-status", "grpc-message", "set-cookie"),
    fc.stringMatching(/^x-[a-z0-9-]{1,20}$/),
  );
  const fields = fc.uniqueArray(fc.record({ name, value, isSensitive: fc.boolean() }), {
    maxLength: 8,
    selector: (field) => field.name,
  });
  const status = fc.constantFrom(200, 204, 302, 404, 599);
  const exchange = fc.record({ status, answer: fields, request: fields });
  await fc.assert(
    fc.asyncProperty(fc.array(exchange, { minLength: 1, maxLength: 8 }), async (exchanges) => {
      const client = await Client.connect();
      try {
        for (const each of exchanges) {
          const sent = each.answer.map((field) => [field.name, field.value] as const);
          const secrets = each.answer.filter(({ isSensitive }) => isSensitive).map((field) => field.name);
          const date = "Thu, 01 Jan 2026 00:00:00 GMT";
          answer = { ":status": each.status, date, ...Object.fromEntries(sent), [sensitiveHeaders]: secrets };
          const fields = await client.exchange(each.request);
          assert.deepEqual(
            fields.map((field) => [field.name, field.value]),
            [[":status", `${each.status}`], ["date", date], ...sent],
          );
          for (const field of each.request) assert.equal(String(request[field.name]), field.value);
        }
      } finally {
        client.close();
      }
    }),
    { numRuns: 60 },
  );
});

/** A connection of our frames and header blocks that has one call at a time. */
class Client extends FrameRecorder {
  readonly #socket: Socket;
  readonly #out = new OutputBuffer();
  readonly #frames = new FrameWriter(this.#out);
  readonly #encoder = new HpackEncoder();
  readonly #decoder = new HpackDecoder(8192);
  readonly #prefix = encodeFields([
    { name: ":method", value: "POST" },
    { name: ":scheme", value: "http" },
    { name: ":path", value: "/a.B/C" },
    { name: ":authority", value: "localhost" },
  ]);
  #nextId = 1;
  #settled = (): void => undefined;
  #answered: (fields: readonly HeaderField[]) => void = () => undefined;
  #failed: (error: unknown) => void = () => undefined;

  private constructor(socket: Socket) {
    super();
    this.#socket = socket;
    const reader = new FrameReader(this, LIMITS);
    socket.on("data", (chunk: Buffer) => {
      try {
        reader.read(chunk);
      } catch (error) {
        this.#failed(error);
      }
    });
    socket.on("close", () => this.#failed(new Error(`the connection closed: ${this.events}`)));
  }

  /** Connects and exchanges settings, so that both ends' tables have the size that the other one asks for. */
  static async connect(): Promise<Client> {
    const client = new Client(connect((server.address() as AddressInfo).port, "127.0.0.1"));
    client.#frames.preface([{ id: SettingId.HEADER_TABLE_SIZE, value: 8192 }]);
    const settled = new Promise<void>((resolve, reject) => {
      client.#settled = resolve;
      client.#failed = reject;
    });
    client.#flush();
    await settled;
    client.#encoder.limitTable(1000);
    client.#frames.settingsAck();
    return client;
  }

  /** Sends a request and returns the response's fields. */
  exchange(fields: readonly HeaderField[]): Promise<readonly HeaderField[]> {
    this.#encoder.begin(this.#prefix);
    for (const { name, value } of fields) this.#encoder.field(name, value);
    this.#frames.headers(this.#nextId, this.#encoder.withTableSize(this.#encoder.end()), true);
    this.#nextId += 2;
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
      this.#flush();
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  override onSettings(): void {
    this.#settled();
  }

  override onHeaders(_streamId: number, block: Buffer): void {
    const { fields, isTooLarge } = this.#decoder.decode(block, 65_536);
    assert.ok(!isTooLarge);
    this.#answered(fields);
  }

  #flush(): void {
    for (const chunk of this.#out.take()) this.#socket.write(chunk);
  }
}
