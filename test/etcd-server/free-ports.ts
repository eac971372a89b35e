import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Finds free ports on 127.0.0.1, for a server that needs a port number. The ports are below the range that systems use
 * for outgoing connections, so that a port stays free while its server restarts. Another process can still take one of
 * them first. Then the caller must try others.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(10_000, 32_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
