import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

/**
 * Opens two connections to a server of this process. It sends a request on the first one while the process has no free
 * file descriptor, and on the second one when descriptors are free again.
 *
 * @returns the two results of `ask`
 */
export async function askWithoutDescriptors<Response>(
  server: Server,
  ask: (socket: Socket) => Promise<Response>,
): Promise<[Response, Response]> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const [first, second] = [await connectTo(server), await connectTo(server)];
  const taken: number[] = [];
  const takeAll = (): void => {
    try {
      for (;;) taken.push(openSync("/dev/null", "r"));
    } catch {
      // No descriptor is left.
    }
  };
  takeAll();
  // The module loader may still be writing its cache: it frees descriptors when it is done.
  const again = setInterval(takeAll, 1);
  const short = await ask(first);
  clearInterval(again);
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
