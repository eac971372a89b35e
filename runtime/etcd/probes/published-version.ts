import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { SecureContextOptions } from "node:tls";
import { given, type TlsSettings } from "@etcd-gateway/runtime/options";
import { type Versions, versionsIn } from "./versions.js";

/** The endpoints of etcd and the TLS settings, as for the gateway. */
export interface PublishedAt {
  readonly endpoints: readonly string[];
  readonly tls: TlsSettings | undefined;
}

/** The maximum length of the response in characters. etcd's responses are shorter. */
const LONGEST = 4096;

/**
 * Asks the endpoints, one after the other, for the version that each publishes over HTTP without authentication.
 *
 * @param timeout the time limit of each endpoint, in milliseconds
 * @throws AggregateError if no endpoint returns its version
 */
export async function publishedVersions({ endpoints, tls }: PublishedAt, timeout: number): Promise<Versions> {
  const failures: unknown[] = [];
  for (const endpoint of endpoints) {
    try {
      return versionsIn(await textOf(endpoint, tls, AbortSignal.timeout(timeout)));
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, "no endpoint returned its version over HTTP");
}

async function textOf(endpoint: string, tls: TlsSettings | undefined, signal: AbortSignal): Promise<string> {
  const { hostname, port } = new URL(endpoint.replace(/^(https?:\/\/)?/i, "http://"));
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  // `URL` omits the default port of its scheme.
  const options: RequestOptions = { host, port: port === "" ? 80 : port, path: "/version", signal, agent: false };
  const isSecure = tls !== undefined || /^https:/i.test(endpoint);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = isSecure
      ? httpsRequest({ ...options, ...secureOptions(tls) }, resolve)
      : httpRequest(options, resolve);
    asking.on("error", reject).end();
  });
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    text += chunk;
    if (text.length > LONGEST)
      throw new Error(`the response of /version is longer than ${LONGEST} characters: the endpoint is not etcd`);
  }
  return text;
}

function secureOptions(tls: TlsSettings | undefined): SecureContextOptions & { servername?: string } {
  return given({ ca: tls?.ca, cert: tls?.cert, key: tls?.key, servername: tls?.serverName });
}
