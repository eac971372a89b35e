import type { Server } from "node:http";

/** Prints where a server listens, in the same form as the `etcd-gateway` command, once it listens. */
export function announce(server: Server): void {
  server.once("listening", () => {
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("not a TCP server");
    console.log(`listening on http://127.0.0.1:${address.port}`);
  });
}
