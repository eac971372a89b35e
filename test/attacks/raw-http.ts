import { once } from "node:events";
import { connect } from "node:net";

/** What came back on a connection until the server closed it. */
export interface RawAnswer {
  /** All bytes, as latin1. */
  readonly text: string;
  /** The statuses of the responses, in their order. */
  readonly statuses: readonly number[];
}

/** Sends bytes as they are over a connection of their own, and reads until the server closes it, within a minute. */
export async function exchangeRaw(port: number, ...pieces: readonly (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  // A server that has answered may close a connection on which more comes.
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
