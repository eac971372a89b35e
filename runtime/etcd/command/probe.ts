import type { ClientRequest, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { given } from "@etcd-gateway/runtime/options";
import { PROBE_TIMEOUT } from "./flags/command-options.js";
import type { ProbeFlags } from "./flags/flags.js";

/**
 * Probes a server.
 *
 * @throws Error if it does not respond with 200 in time. The message contains the URL and what happened instead.
 */
export async function probe(flags: Omit<ProbeFlags, "command">, timeout: number = PROBE_TIMEOUT): Promise<void> {
  const { href } = flags.url;
  const signal = AbortSignal.timeout(timeout);
  try {
    const request = await requestTo(flags, signal);
    const response = await responseTo(request);
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`${response.statusCode} ${findings(body)}`.trimEnd());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${href}: ${signal.aborted ? `no response within ${timeout} ms` : reason}`, { cause: error });
  }
}

/**
 * Makes the request. It loads only the module for the URL's protocol, because a container is probed every few seconds.
 */
async function requestTo({ url, host, tls }: Omit<ProbeFlags, "command">, signal: AbortSignal): Promise<ClientRequest> {
  const options = { signal, agent: false, ...(host !== undefined && { headers: { host } }) };
  if (url.protocol === "http:") return (await import("node:http")).request(url, options);
  const { ca, cert, key, serverName: servername } = tls;
  return (await import("node:https")).request(url, { ...options, ...given({ ca, cert, key, servername }) });
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve).once("error", reject).end();
  });
}

/** Returns the part of a response that describes the problem: the failed checks, or else the first line. */
function findings(body: string): string {
  const lines = body.split("\n").map((line) => line.trim());
  const failed = lines.filter((line) => line.startsWith("[-]"));
  return failed.length > 0 ? failed.join("; ") : (lines[0] ?? "").slice(0, 200);
}
