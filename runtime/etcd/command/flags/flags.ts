import { given, readOptions, TLS, type TlsSettings } from "@etcd-gateway/runtime/options";
import type { EtcdGatewayOptions } from "../../options/etcd-gateway-options.js";
import { ETCD_GATEWAY_OPTIONS } from "../../options/etcd-gateway-settings.js";
import { SERVER_OPTIONS, type ServerSettings } from "./command-options.js";
import { readList } from "./flag.js";
import { FlagError } from "./flag-error.js";
import { readPem } from "./flag-files.js";
import { withFlagNames } from "./flag-names.js";
import { DEFAULT_ENDPOINTS, DEFAULT_LISTEN, FLAGS } from "./flag-table.js";
import { type FlagValue, type FlagValues, flagValues } from "./flag-values.js";
import { type ListenAddress, listenAddress, listenAdvice } from "./listen-address.js";
import { loopbackHosts } from "./loopback-hosts.js";

/** The TLS options of the server itself, as in `node:tls`. */
export interface ListenTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authorities of client certificates. If undefined, clients need no certificate. */
  readonly ca?: Buffer;
  readonly requestCert?: true;
}

/** The flags of a server. Gateway options that the flags do not set are left out. */
export interface ServeFlags {
  readonly command: "serve";
  readonly listen: ListenAddress;
  readonly listenTls?: ListenTls;
  readonly gateway: EtcdGatewayOptions;
  readonly server: ServerSettings;
}

/** The flags of `--probe`: the command asks a running server whether it is ready, and exits. Containers use it. */
export interface ProbeFlags {
  readonly command: "probe";
  readonly url: URL;
  /** The value of the `Host` header, if it is not the host of the URL. */
  readonly host?: string;
  /** The TLS options of the connection to it. */
  readonly tls: Partial<TlsSettings>;
}

/** The parsed command line. */
export type Flags = ServeFlags | ProbeFlags | { readonly command: "help" | "version" };

/** The flags for TLS to another server. */
const TLS_FLAGS = ["cacert", "cert", "key", "server-name"];

/**
 * Reads the command line, the environment, and the files that they name.
 *
 * @throws FlagError for an unknown flag, an invalid value, a missing companion flag or an unreadable file.
 */
export function parseFlags(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Flags {
  return readFlags(flagValues(args, env));
}

/**
 * Reads what the flags ask for.
 *
 * @throws FlagError for an invalid value, a missing companion flag or an unreadable file.
 */
export function readFlags(values: FlagValues): Flags {
  if (values["help"] !== undefined) return { command: "help" };
  if (values["version"] !== undefined) return { command: "version" };
  const { probe } = values;
  return probe === undefined ? serveFlags(values) : probeFlags(probe, values);
}

/**
 * Reads the flags of a probe: the TLS flags, and the hosts that the server allows. It ignores the others, because a probe
 * that runs next to a server has the same environment.
 */
function probeFlags({ text, source }: FlagValue, values: FlagValues): ProbeFlags {
  const url = URL.canParse(String(text)) ? new URL(String(text)) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new FlagError(
      `invalid ${source} ${JSON.stringify(text)}: expected a URL such as http://127.0.0.1:8080/readyz`,
    );
  }
  if (url.pathname === "/") url.pathname = "/readyz";
  checkPair(values, "cert", "key");
  const { gateway } = optionsOf(Object.fromEntries(TLS_FLAGS.map((name) => [name, values[name]])));
  const tls = TLS.readArgument(gateway?.["tls"] ?? {}, "tls") ?? {};
  return { command: "probe", url, ...given({ host: probedHost(url, values["allowed-hosts"]) }), tls };
}

/** Returns a host that the probed server allows, if it does not allow that of the URL. It checks hosts only over HTTP. */
function probedHost({ protocol, hostname }: URL, allowed: FlagValue | undefined): string | undefined {
  if (allowed === undefined || allowed.text === "*" || protocol === "https:") return undefined;
  const hosts = readList(String(allowed.text), allowed.source);
  if (hosts.includes(hostname.replace(/^\[|\]$/g, ""))) return undefined;
  return hosts[0]?.includes(":") === true ? `[${hosts[0]}]` : hosts[0];
}

/** Returns the files that flags name and whose content is used. */
export function filesOf(values: FlagValues): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value !== undefined && name !== "config" && FLAGS[name]?.value === "FILE" ? [String(value.text)] : [],
  );
}

/**
 * Reads the flags of a server. It reads the files that they name each time.
 *
 * @throws FlagError for an invalid value, a missing companion flag or an unreadable file.
 */
export function serveFlags(values: FlagValues): ServeFlags {
  checkPair(values, "cert", "key");
  checkPair(values, "listen-cert", "listen-key");
  const listen = parseListen(values["listen"] ?? byDefault("listen", DEFAULT_LISTEN));
  const ownHosts = loopbackHosts(listen.host);
  const loopback = ownHosts?.join(",");
  const hosts = values["allowed-hosts"] ?? (loopback === undefined ? undefined : byDefault("allowed-hosts", loopback));
  checkEither(values, "explorer", "no-explorer");
  const { gateway = {}, server = {} } = optionsOf({
    ...values,
    endpoints: values["endpoints"] ?? byDefault("endpoints", DEFAULT_ENDPOINTS),
    "allowed-hosts": hosts?.text === "*" ? undefined : hosts,
  });
  assertGatewayOptions(gateway, values);
  const settings = readOptions(SERVER_OPTIONS, server, "etcd-gateway");
  return {
    command: "serve",
    listen,
    ...given({ listenTls: listenTlsOf(values) }),
    gateway,
    server: {
      ...settings,
      explorer: values["no-explorer"] === undefined && (settings.explorer ?? ownHosts !== undefined),
    },
  };
}

/** A tree of options. */
interface Options {
  [name: string]: Options;
}

/** Returns the options that flags set, in their groups. Each option is checked under the name of its flag. */
function optionsOf(values: FlagValues): Options {
  const options: Options = {};
  for (const [flag, value] of Object.entries(values)) {
    const target = FLAGS[flag]?.sets;
    if (target === undefined || value === undefined) continue;
    const read = target.read(String(value.text), value.source);
    checked(() => target.option.readArgument(read, target.path), values);
    const path = target.path.split(".");
    const name = path.pop() ?? "";
    let group = options;
    for (const each of path) group = group[each] ??= {};
    Object.assign(group, { [name]: read });
  }
  return options;
}

/** Converts the `TypeError` of an option check to a `FlagError` that names the flag. */
function checked(check: () => void, values: FlagValues): void {
  try {
    check();
  } catch (error) {
    throw error instanceof TypeError ? new FlagError(withFlagNames(error.message, values)) : error;
  }
}

function assertGatewayOptions(options: object, values: FlagValues): asserts options is EtcdGatewayOptions {
  checked(() => readOptions(ETCD_GATEWAY_OPTIONS, options, "etcd-gateway"), values);
}

function byDefault(flag: string, text: string): FlagValue {
  return { text, source: `--${flag}` };
}

function parseListen({ text, source }: FlagValue): ListenAddress {
  const address = listenAddress(String(text));
  if (address !== undefined) return address;
  throw new FlagError(`invalid ${source} ${JSON.stringify(text)}: expected HOST:PORT; ${listenAdvice(String(text))}`);
}

function listenTlsOf(values: FlagValues): ListenTls | undefined {
  const { "listen-cert": cert, "listen-key": key, "trusted-ca-file": authorities } = values;
  checkCompanion(values, "client-cert-auth", "trusted-ca-file");
  checkCompanion(values, "trusted-ca-file", "listen-cert");
  if (cert === undefined || key === undefined) return undefined;
  return {
    cert: readPem(String(cert.text), cert.source),
    key: readPem(String(key.text), key.source),
    ...(authorities && { ca: readPem(String(authorities.text), authorities.source), requestCert: true }),
  };
}

function checkPair(values: FlagValues, one: string, other: string): void {
  checkCompanion(values, one, other);
  checkCompanion(values, other, one);
}

function checkCompanion(values: FlagValues, flag: string, companion: string): void {
  const given = values[flag];
  if (given !== undefined && values[companion] === undefined) {
    throw new FlagError(`${given.source} requires --${companion}`);
  }
}

function checkEither(values: FlagValues, one: string, other: string): void {
  const [given, against] = [values[one], values[other]];
  if (given !== undefined && against !== undefined) {
    throw new FlagError(`${given.source} and ${against.source} cannot be used together`);
  }
}
