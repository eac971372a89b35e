import type { Server } from "node:net";

type Listening = { address(): ReturnType<Server["address"]> };

/** Returns the port on which a server listens. */
export function portOf(server: Listening): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server listens on no port");
  return address.port;
}

/** Returns the URL on which an HTTP server listens. */
export function urlOf(server: Listening): string {
  return `http://127.0.0.1:${portOf(server)}`;
}
