import { once } from "node:events";
import type { Server } from "node:http";
import type { TestContext } from "node:test";
import { portOf } from "../server-address.js";

/** Listens on a free port until the test ends. Returns the port. */
export async function listen(t: TestContext, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return portOf(server);
}
