import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Ports on 127.0.0.1 that are free now, for a server that has to be told its port. They lie below the range from which
 * systems take ports for outgoing connections, so that one stays free while its server restarts. Another process may
 * still be quicker: who uses them tries others when one turns out to be in use.
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
