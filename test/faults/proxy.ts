import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { resetSocket } from "./reset.js";

/**
 * How a {@link FaultProxy} treats bytes and connections:
 * - `pass` forwards bytes
 * - `delay` forwards bytes later, in milliseconds
 * - `mute` forwards requests and drops responses
 * - `stall` holds bytes back until another mode is set
 * - `drop` resets new connections
 */
export type ProxyMode = "pass" | "mute" | "stall" | "drop" | { readonly delay: number };

/** A TCP proxy in front of one server, which simulates network faults. */
export interface FaultProxy {
  /** `127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The current mode. It can be set at any time, and applies to open connections too. */
  mode: ProxyMode;
  /** The number of connections that clients have opened in total. */
  readonly accepted: number;
  /** The number of open connections. */
  readonly open: number;
  /** Drops all further bytes of the connections that are open now. Later ones are not affected. */
  deafen(): void;
  /** Connects to the server on another port from now on. */
  target(port: number): void;
  /** Resets all connections (TCP RST), on both sides. */
  reset(): void;
  /** Resets a connection after it has forwarded this many more request bytes. */
  resetAfter(bytes: number): void;
  /** Ends the response side of all connections (TCP FIN) and keeps the request side open. */
  halfClose(): void;
  /** Resets all connections and stops listening. */
  stop(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly held: { readonly to: Socket; readonly chunk: Buffer }[];
  isDeaf: boolean;
}

/** Starts a {@link FaultProxy} on 127.0.0.1 for a server there. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const pairs = new Set<Pair>();
  let mode: ProxyMode = "pass";
  let target = targetPort;
  let accepted = 0;
  let requestBytesLeft = Number.POSITIVE_INFINITY;

  const cut = (pair: Pair): void => {
    pairs.delete(pair);
    resetSocket(pair.client);
    resetSocket(pair.server);
  };
  const carry = (pair: Pair, to: Socket, chunk: Buffer): void => {
    if (pair.isDeaf) return;
    const isRequest = to === pair.server;
    if (mode === "stall") {
      pair.held.push({ to, chunk });
      return;
    }
    if (mode === "mute" && !isRequest) return;
    if (typeof mode === "object") setTimeout(() => to.write(chunk), mode.delay).unref();
    else to.write(chunk);
    if (isRequest) {
      requestBytesLeft -= chunk.length;
      if (requestBytesLeft <= 0) {
        requestBytesLeft = Number.POSITIVE_INFINITY;
        // The server can receive the bytes only after the kernel has them.
        setImmediate(() => cut(pair));
      }
    }
  };

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    accepted += 1;
    client.on("error", () => {});
    if (mode === "drop") {
      resetSocket(client);
      return;
    }
    const server = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true });
    const pair: Pair = { client, server, held: [], isDeaf: false };
    pairs.add(pair);
    for (const socket of [client, server]) {
      const other = socket === client ? server : client;
      socket.setNoDelay();
      socket.on("data", (chunk) => carry(pair, other, chunk));
      socket.on("end", () => other.end());
      socket.on("error", () => {});
      socket.on("close", () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");

  return {
    endpoint: `127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get mode() {
      return mode;
    },
    set mode(next: ProxyMode) {
      mode = next;
      if (next === "stall") return;
      for (const pair of pairs) for (const { to, chunk } of pair.held.splice(0)) carry(pair, to, chunk);
    },
    get accepted() {
      return accepted;
    },
    get open() {
      return pairs.size;
    },
    deafen: () => {
      for (const pair of pairs) pair.isDeaf = true;
    },
    target: (port) => {
      target = port;
    },
    reset: () => {
      for (const pair of pairs) cut(pair);
    },
    resetAfter: (bytes) => {
      requestBytesLeft = bytes;
    },
    halfClose: () => {
      for (const pair of pairs) pair.client.end();
    },
    stop: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const pair of pairs) cut(pair);
      await closed;
    },
  };
}
