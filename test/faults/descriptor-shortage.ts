import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/**
 * Connects twice to a server of this process. Asks over the first connection while the process has no file descriptor
 * left, and over the second when it has some again.
 *
 * @returns what `ask` has returned both times
 */
export async function askWithoutDescriptors<Response>(
  server: Server,
  ask: (socket: Socket) => Promise<Response>,
): Promise<[Response, Response]> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const [first, second] = [await connectTo(server), await connectTo(server)];
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch {
    // None is left.
  }
  const short = await ask(first);
  for (const descriptor of taken) closeSync(descriptor);
  return [short, await ask(second)];
}

async function connectTo(server: Server): Promise<Socket> {
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, "connection");
  const socket = connect(port, "127.0.0.1");
  await Promise.all([accepted, once(socket, "connect")]);
  return socket;
}
