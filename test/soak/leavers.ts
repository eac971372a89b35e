import { setTimeout as sleep } from "node:timers/promises";
import { handshake, post, RawConnection } from "../attacks/raw-connection.js";
import { resetSocket } from "../faults/reset.js";
import { base64 } from "../http/etcd-json.js";
import type { Run } from "./run.js";
import { grantLease } from "./sessions.js";

/** How much of its requests a client sends. */
const PARTS: readonly [(text: string) => string, ...((text: string) => string)[]] = [
  (text) => text,
  (text) => text,
  // Not all headers of the first request.
  (text) => text.slice(0, 30),
  // Not the whole body of the last request.
  (text) => text.slice(0, -4),
];

/** How a client leaves. */
const WAYS: readonly [(connection: RawConnection) => void, ...((connection: RawConnection) => void)[]] = [
  ({ socket }) => socket.destroy(),
  ({ socket }) => resetSocket(socket),
  // A half close: the client may still read the responses, but the gateway does not know until when.
  ({ socket }) => socket.end(),
];

/** Sends requests of all kinds and leaves in every way: before, in and after the response. */
export async function leave({ gateway, prefix, random, goesOn }: Run): Promise<void> {
  const keys = { key: base64(prefix), range_end: base64(`${prefix}~`) };
  const watch = post("/v3/watch", JSON.stringify({ create_request: keys }));
  const events = post("/v3/watch", JSON.stringify({ create_request: keys }), "Accept: text/event-stream");
  const range = post("/v3/kv/range", JSON.stringify({ ...keys, limit: 100 }));
  const observe = post("/v3/election/observe", JSON.stringify({ name: base64("soak-election") }));
  const chunked = "POST /v3/watch HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  const socket = handshake("/v3/watch");
  while (goesOn()) {
    const lease = await grantLease(gateway.url);
    const lock = post("/v3/lock/lock", JSON.stringify({ name: base64("soak-lock"), lease }));
    const text = random.of([
      watch,
      events,
      range,
      lock,
      observe,
      chunked,
      socket,
      watch.repeat(5),
      range.repeat(10) + watch,
      range + lock.repeat(3),
      lock + watch + socket,
      range + socket,
      `${watch}GET nowhere\r\n\r\n`,
    ]);
    const sent = random.of(PARTS)(text);
    const connection = await new RawConnection(gateway.port).send(sent.slice(0, 40), sent.slice(40));
    if (text.endsWith(socket) && sent === text)
      await connection.send(clientFrame(JSON.stringify({ create_request: keys })));
    if (random.below(4) === 0) connection.socket.pause();
    await sleep(random.below(200));
    random.of(WAYS)(connection);
    await sleep(random.below(200));
    await connection.leave();
  }
}

/** Encodes a short text as a WebSocket frame of a client, with a mask of zeros. */
function clientFrame(text: string): string {
  return `\x81\xfe${String.fromCharCode(text.length >> 8, text.length & 0xff)}\0\0\0\0${text}`;
}
