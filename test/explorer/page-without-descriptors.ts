// Requests the page while no file descriptor is left, and again later. Prints both statuses.
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { Socket } from "node:net";
import { explorer } from "@etcd-gateway/explorer";
import { askWithoutDescriptors } from "../faults/ask-without-descriptors.js";

async function status(socket: Socket): Promise<number | undefined> {
  const sent = request({ path: "/", createConnection: () => socket }).end();
  const [response] = await once(sent, "response");
  return response.statusCode;
}

const statuses = await askWithoutDescriptors(createServer(explorer()), status);
process.stdout.write(JSON.stringify(statuses));
process.exit();
