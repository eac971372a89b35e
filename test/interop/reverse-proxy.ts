import { readFile } from "node:fs/promises";
import type { KeyPair } from "../etcd-server/certificates.js";
import { freePorts } from "../etcd-server/free-ports.js";
import { type ForegroundCommand, ForegroundServer } from "./foreground-server.js";

/** Where a proxy listens, and the server behind it. */
export interface ProxyPlace {
  readonly folder: string;
  readonly port: number;
  /** The port of the server behind it on 127.0.0.1, which uses HTTP/2 without TLS. */
  readonly backend: number;
  /** Its certificate and key. Without them, it uses HTTP/2 without TLS. */
  readonly tls: KeyPair | undefined;
  /** The certificate and the key as the text of one file. */
  readonly pem: string;
}

/** Returns the command that runs a proxy. */
export type ProxyCommand = (place: ProxyPlace) => ForegroundCommand;

/** Starts a proxy in front of a server on 127.0.0.1. */
export async function startReverseProxy(
  command: ProxyCommand,
  backend: number,
  tls: KeyPair | undefined,
): Promise<ForegroundServer> {
  const pem = tls === undefined ? "" : (await readFile(tls.cert, "utf8")) + (await readFile(tls.key, "utf8"));
  const [port = 0] = await freePorts(1);
  return ForegroundServer.start(port, (folder) => command({ folder, port, backend, tls, pem }));
}
