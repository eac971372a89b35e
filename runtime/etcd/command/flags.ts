import { type ParseArgsConfig, parseArgs } from "node:util";
import { given, readOptions } from "@etcd-gateway/runtime/options";
import type { EtcdGatewayOptions } from "../options/etcd-gateway-options.js";
import { ETCD_GATEWAY_OPTIONS } from "../options/etcd-gateway-settings.js";
import { SERVER_OPTIONS, type ServerSettings } from "./command-options.js";
import { FlagError } from "./flag-error.js";
import { type CertificatePair, readPem } from "./flag-files.js";
import { DEFAULT_ENDPOINTS, DEFAULT_LISTEN, FLAGS } from "./flag-table.js";
import { type ListenAddress, listenAddress } from "./listen-address.js";
import { loopbackHosts } from "./loopback-hosts.js";

/** What the command line asks for. What it does not say of the gateway is left out. */
export interface ServeFlags {
  readonly command: "serve";
  readonly listen: ListenAddress;
  /** TLS of the server itself. */
  readonly listenTls?: CertificatePair;
  readonly gateway: EtcdGatewayOptions;
  readonly server: ServerSettings;
}

/** The parsed command line. */
export type Flags = ServeFlags | { readonly command: "help" | "version" };

/** How `parseArgs` takes a flag. */
type FlagConfig = NonNullable<ParseArgsConfig["options"]>[string];

/** Flags and their values; that of a flag without one is `true`. */
type Values = Readonly<Record<string, string | true | undefined>>;

/**
 * Reads the command line and the files that it names.
 *
 * @throws FlagError for an unknown flag, an unusable value, a missing companion or an unreadable file.
 */
export function parseFlags(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Flags {
  const values = parse(args);
  if (values["help"] !== undefined) return { command: "help" };
  if (values["version"] !== undefined) return { command: "version" };
  checkPair(values, "cert", "key");
  checkPair(values, "listen-cert", "listen-key");
  const listen = parseListen(String(values["listen"] ?? DEFAULT_LISTEN));
  const hosts = values["allowed-hosts"] ?? loopbackHosts(listen.host)?.join(",");
  const { gateway = {}, server = {} } = optionsOf({
    ...values,
    endpoints: values["endpoints"] ?? env["ETCD_ENDPOINTS"] ?? DEFAULT_ENDPOINTS,
    "allowed-hosts": hosts === "*" ? undefined : hosts,
  });
  assertGatewayOptions(gateway);
  return {
    command: "serve",
    listen,
    ...given({ listenTls: listenTlsOf(values) }),
    gateway,
    server: readOptions(SERVER_OPTIONS, server, "etcd-gateway"),
  };
}

function parse(args: readonly string[]): Values {
  const options = Object.entries(FLAGS).map(([name, { value }]): [string, FlagConfig] => [
    name,
    { type: value === undefined ? "boolean" : "string", ...(name === "help" && { short: "h" }) },
  ]);
  try {
    const { values } = parseArgs({ args: [...args], options: Object.fromEntries(options), allowPositionals: false });
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value === true ? true : String(value)]),
    );
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new FlagError(`${text.split(/\.?\s+To specify/)[0]}; see etcd-gateway --help`);
  }
}

/** A tree of options. */
interface Options {
  [name: string]: Options;
}

/** The options that flags set, in their groups, each checked under the name of its flag. */
function optionsOf(values: Values): Options {
  const options: Options = {};
  for (const [flag, value] of Object.entries(values)) {
    const target = FLAGS[flag]?.sets;
    if (target === undefined || value === undefined) continue;
    const read = target.read(String(value), flag);
    checked(() => target.option.readArgument(read, `--${flag}`));
    const path = target.path.split(".");
    const name = path.pop() ?? "";
    let group = options;
    for (const each of path) group = group[each] ??= {};
    Object.assign(group, { [name]: read });
  }
  return options;
}

/** What a check of options refuses is a flag that cannot be used. */
function checked(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw error instanceof TypeError ? new FlagError(error.message) : error;
  }
}

function assertGatewayOptions(options: object): asserts options is EtcdGatewayOptions {
  checked(() => readOptions(ETCD_GATEWAY_OPTIONS, options, "etcd-gateway"));
}

function parseListen(value: string): ListenAddress {
  const address = listenAddress(value);
  if (address !== undefined) return address;
  throw new FlagError(
    `--listen ${JSON.stringify(value)} is not HOST:PORT, e.g. 127.0.0.1:8080, [::1]:8080, or :8080 for all interfaces`,
  );
}

function listenTlsOf({ "listen-cert": cert, "listen-key": key }: Values): CertificatePair | undefined {
  if (cert === undefined || key === undefined) return undefined;
  return { cert: readPem(String(cert), "listen-cert"), key: readPem(String(key), "listen-key") };
}

function checkPair(values: Values, one: string, other: string): void {
  if (values[one] !== undefined && values[other] === undefined)
    throw new FlagError(`--${one} needs --${other} beside it`);
  if (values[one] === undefined && values[other] !== undefined)
    throw new FlagError(`--${other} needs --${one} beside it`);
}
