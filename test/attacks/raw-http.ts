import { once } from "node:events";
import { connect } from "node:net";

/** The data that a server sent on a connection until it closed it. */
export interface RawAnswer {
  /** All bytes, decoded as latin1. */
  readonly text: string;
  /** The statuses of the responses, in order. */
  readonly statuses: readonly number[];
}

/** Sends raw bytes over a new connection, and reads until the server closes it, for at most a minute. */
export async function exchangeRaw(port: number, ...pieces: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  // A server that has responded may close a connection on which more data arrives.
  socket.on("error", () => {});
  socket.on("data", (chunk) => void chunks.push(chunk));
  for (const piece of pieces) {
    socket.write(piece, "latin1");
    await new Promise(setImmediate);
  }
  const stays = setTimeout(() => socket.destroy(new Error("the server keeps the connection")), 60_000);
  try {
    await once(socket, "close");
    if (socket.errored?.message === "the server keeps the connection") throw socket.errored;
  } finally {
    clearTimeout(stays);
  }
  const text = Buffer.concat(chunks).toString("latin1");
  return {
    text,
    statuses: [...text.matchAll(/(?<=^|[^\r\n]|\r\n)HTTP\/1\.1 (\d{3}) /g)].map(([, code]) => Number(code)),
  };
}
