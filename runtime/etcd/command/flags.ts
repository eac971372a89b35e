import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Exposure } from "../access/expose.js";
import type { EtcdCredentials } from "../access/own-session.js";
import type { DialectChoice, DialectName } from "../dialect/dialect-choice.js";
import type { EtcdGatewayOptions } from "../etcd-gateway.js";
import { type ListenAddress, listenAddress } from "./listen-address.js";
import { loopbackHosts } from "./loopback-hosts.js";

/** The text of `etcd-gateway --help`. */
export const HELP = `etcd-gateway: etcd's HTTP/JSON API as a server of its own

Usage: etcd-gateway --endpoints HOST:PORT[,HOST:PORT...] [--listen HOST:PORT] [flags]

  --endpoints LIST        etcd's client endpoints, comma-separated; https:// ones use TLS
                          (default: ETCD_ENDPOINTS, else 127.0.0.1:2379)
  --listen HOST:PORT      where to serve; port 0 picks a free one, and :PORT serves on all interfaces
                          (default 127.0.0.1:8080)
  --channel KIND          what carries the calls to etcd: grpc-js, or lean, which takes a quarter of the time
                          (default grpc-js)

TLS to etcd
  --cacert FILE           certificates of the authorities to trust, PEM
  --cert FILE, --key FILE the client certificate and its key, PEM
  --server-name NAME      the name that etcd's certificate must have, if not the endpoint's

Who may do what
  --act-as WHO            whose rights requests have: caller, by the token that each brings, or gateway,
                          by --user-file or --cert, for whoever reaches this server (default caller)
  --user-file FILE        the gateway's own user in etcd: a file with NAME:PASSWORD
  --expose LIST           what clients may call: all, read-only, or a comma-separated list of services
                          and rpcs, e.g. etcdserverpb.KV,etcdserverpb.Watch.Watch (default all)

TLS of this server
  --listen-cert FILE, --listen-key FILE
                          serve HTTPS with this certificate and key, PEM

Behaviour
  --dialect NAME          the etcd versions whose clients are served: v1 (3.1 to 3.5) or v2 (3.6 and
                          later), or by prefix: /v3=v1,/v3beta=v2
                          (default v2 under /v3, v1 under /v3beta and /v3alpha)
  --text-revocation LIST  the prefixes under which auth/role/revoke has its keys as plain text, as in etcd
                          3.1 to 3.3 (default /v3alpha)
  --bytes FORM            how keys and values are JSON where a request does not say: base64, as etcd does, or
                          text, plain strings (default base64)
  --lenient-trailing      ignore data behind a unary request's JSON, as etcd does
  --strict                refuse JSON fields that the API does not have
  --unbound-rpcs          reach rpcs that have no HTTP route too: POST /etcdserverpb.KV/RangeStream
  --body-limit BYTES      the largest request, or message of a request stream (default 3145728)
  --max-in-flight N       how many unary requests may be under way; more are answered 503 (default 1000)
  --max-streams N         how many streams and WebSockets may be open, and calls that wait, such as lock, under
                          way; more are answered 503 (default 10000)
  --max-sign-ins N        how many clients may be signing in; more are answered 429 (default 16)
  --max-connections N     how many connections clients may have; further ones are closed (default 20000)
  --unary-timeout TIME    deadline of a call whose client names none, 0 for none (default 30s);
                          lock and campaign wait as long as it takes
  --connect-timeout TIME  how long to look for a reachable endpoint before 503 (default 5s)
  --resume-timeout TIME   how long a watch, keep-alive or observer that lost its connection to etcd looks for
                          another, 0 for not at all (default 1m)
  --refusals HOW          how refused watches and missing tokens are answered: message, as etcd does (200, 400),
                          or status: 400, 401 or 403 (default message)
  --cors LIST             the origins whose web pages may use this server, such as https://app.example; * for
                          all (default: only pages of its own)
  --allowed-hosts LIST    the host names that clients may use, over plain HTTP; * for any (default any, but
                          on a loopback address only localhost, 127.0.0.1, ::1 and that of --listen)
  --heartbeat TIME        how long server-sent events are quiet before a heartbeat, 0 for none (default 15s)
  --ping-interval TIME    how often WebSockets are pinged, 0 for never (default 30s)
  --grace TIME            how long calls may finish on SIGTERM (default 10s)

  --help                  this text
  --version               the version

TIME is a number with a unit: 500ms, 30s, 2m.
Once it serves, it prints "etcd-gateway listening on http://HOST:PORT". SIGTERM and SIGINT drain, then exit with 0.
SIGHUP changes nothing.
Exit codes: 0 stopped, 1 could not serve, 2 wrong flags.
`;

/** A flag that cannot be used; `message` is one line for the user. */
export class FlagError extends Error {
  override readonly name = "FlagError";
}

/** A certificate with its key, PEM. */
export interface CertificatePair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** What the command line asks for. Times are in milliseconds. What it does not say is left out. */
export interface ServeFlags {
  readonly command: "serve";
  readonly listen: ListenAddress;
  /** TLS of the server itself. */
  readonly listenTls?: CertificatePair;
  readonly gateway: EtcdGatewayOptions;
  /** How often WebSockets are pinged. */
  readonly pingInterval?: number;
  /** How many connections clients may have. */
  readonly maxConnections?: number;
  /** How long calls may finish on SIGTERM. */
  readonly grace?: number;
}

/** The parsed command line. */
export type Flags = ServeFlags | { readonly command: "help" | "version" };

/**
 * Reads the command line and the files that it names.
 *
 * @throws FlagError for an unknown flag, an unusable value, a missing companion or an unreadable file.
 */
export function parseFlags(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Flags {
  const values = parse(args);
  if (values.help === true) return { command: "help" };
  if (values.version === true) return { command: "version" };

  const listen = parseListen(values.listen ?? "127.0.0.1:8080");
  const tls = given({
    ...certificatePair("cert", values.cert, "key", values.key),
    ca: ifGiven(values.cacert, (file) => readPem("cacert", file)),
    serverName: values["server-name"],
  });
  const hosts = ifGiven(values["allowed-hosts"], (list) => parseAllOrList("allowed-hosts", list));
  return {
    command: "serve",
    listen,
    gateway: {
      endpoints: parseEndpoints(values.endpoints ?? env["ETCD_ENDPOINTS"] ?? "127.0.0.1:2379"),
      ...given({
        channel: ifGiven(values.channel, (kind) => oneOf("channel", kind, ["grpc-js", "lean"])),
        tls: Object.keys(tls).length === 0 ? undefined : tls,
        actAs: ifGiven(values["act-as"], (who) => oneOf("act-as", who, ["caller", "gateway"])),
        credentials: ifGiven(values["user-file"], readCredentials),
        expose: ifGiven(values.expose, parseExposure),
        dialect: ifGiven(values.dialect, parseDialect),
        textRevocation: ifGiven(values["text-revocation"], parsePrefixes),
        bytes: ifGiven(values.bytes, (form) => oneOf("bytes", form, ["base64", "text"])),
        refusals: ifGiven(values.refusals, (how) => oneOf("refusals", how, ["message", "status"])),
        lenientTrailing: values["lenient-trailing"],
        strict: values.strict,
        unboundRpcs: values["unbound-rpcs"],
        bodyLimit: ifGiven(values["body-limit"], (bytes) => parseNumber("body-limit", bytes, "bytes", 3145728)),
        maxInFlight: ifGiven(values["max-in-flight"], (n) => parseNumber("max-in-flight", n, "requests", 1000)),
        maxStreams: ifGiven(values["max-streams"], (n) => parseNumber("max-streams", n, "streams", 10000)),
        maxSignIns: ifGiven(values["max-sign-ins"], (n) => parseNumber("max-sign-ins", n, "clients", 16)),
        unaryTimeout: parseTime("unary-timeout", values["unary-timeout"]),
        connectTimeout: parseTime("connect-timeout", values["connect-timeout"]),
        resumeTimeout: parseTime("resume-timeout", values["resume-timeout"]),
        heartbeatInterval: parseTime("heartbeat", values.heartbeat),
        cors: ifGiven(values.cors, (list) => parseAllOrList("cors", list)),
        allowedHosts: hosts === "*" ? undefined : (hosts ?? loopbackHosts(listen.host)),
      }),
    },
    ...given({
      listenTls: certificatePair("listen-cert", values["listen-cert"], "listen-key", values["listen-key"]),
      pingInterval: parseTime("ping-interval", values["ping-interval"]),
      maxConnections: ifGiven(values["max-connections"], (n) =>
        parseNumber("max-connections", n, "connections", 20000),
      ),
      grace: parseTime("grace", values.grace),
    }),
  };
}

/** What of an object is there: the compiler tells a member that is `undefined` from one that is not there. */
function given<T extends object>(members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  const there = Object.entries(members).filter(([, value]) => value !== undefined);
  // The compiler cannot see through fromEntries.
  return Object.fromEntries(there) as { [Name in keyof T]?: Exclude<T[Name], undefined> };
}

function ifGiven<T>(value: string | undefined, parse: (value: string) => T): T | undefined {
  return value === undefined ? undefined : parse(value);
}

/** The flags, as `parseArgs` of `node:util` takes them. */
export const FLAGS = {
  endpoints: { type: "string" },
  listen: { type: "string" },
  channel: { type: "string" },
  cacert: { type: "string" },
  cert: { type: "string" },
  key: { type: "string" },
  "server-name": { type: "string" },
  "act-as": { type: "string" },
  "user-file": { type: "string" },
  expose: { type: "string" },
  "listen-cert": { type: "string" },
  "listen-key": { type: "string" },
  dialect: { type: "string" },
  "text-revocation": { type: "string" },
  bytes: { type: "string" },
  "lenient-trailing": { type: "boolean" },
  strict: { type: "boolean" },
  "unbound-rpcs": { type: "boolean" },
  "body-limit": { type: "string" },
  "max-in-flight": { type: "string" },
  "max-streams": { type: "string" },
  "max-connections": { type: "string" },
  "max-sign-ins": { type: "string" },
  "unary-timeout": { type: "string" },
  "connect-timeout": { type: "string" },
  "resume-timeout": { type: "string" },
  refusals: { type: "string" },
  cors: { type: "string" },
  "allowed-hosts": { type: "string" },
  heartbeat: { type: "string" },
  "ping-interval": { type: "string" },
  grace: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>["values"];

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new FlagError(`${text.split(/\.?\s+To specify/)[0]}; see etcd-gateway --help`);
  }
}

function parseEndpoints(list: string): readonly string[] {
  const endpoints = list.split(",").map((endpoint) => endpoint.trim());
  if (endpoints.some((endpoint) => endpoint === "")) {
    throw new FlagError(`--endpoints has an empty entry in ${JSON.stringify(list)}: write HOST:PORT[,HOST:PORT...]`);
  }
  return endpoints;
}

function parseAllOrList(flag: string, value: string): "*" | readonly string[] {
  if (value === "*") return value;
  const entries = value.split(",").map((entry) => entry.trim());
  if (!entries.includes("")) return entries;
  throw new FlagError(`--${flag} has an empty entry in ${JSON.stringify(value)}: write * or a comma-separated list`);
}

function parseListen(value: string): ListenAddress {
  const address = listenAddress(value);
  if (address !== undefined) return address;
  throw new FlagError(
    `--listen ${JSON.stringify(value)} is not HOST:PORT, e.g. 127.0.0.1:8080, [::1]:8080, or :8080 for all interfaces`,
  );
}

function parseDialect(value: string): DialectChoice {
  if (isDialectName(value)) return value;
  const byPrefix: [string, DialectName][] = value.split(",").map((entry) => {
    const [, prefix, name] = /^(\/[^=]*[^=/])=(.*)$/.exec(entry) ?? [];
    if (prefix === undefined || !isDialectName(name)) {
      throw new FlagError(`--dialect ${JSON.stringify(value)} is not v1, v2 or PREFIX=NAME[,...], e.g. /v3=v1`);
    }
    return [prefix, name];
  });
  return Object.fromEntries(byPrefix);
}

function isDialectName(name: string | undefined): name is DialectName {
  return name === "v1" || name === "v2";
}

function parsePrefixes(value: string): readonly string[] {
  const prefixes = value.split(",");
  if (prefixes.every((prefix) => /^\/[^/]+$/.test(prefix))) return prefixes;
  throw new FlagError(`--text-revocation ${JSON.stringify(value)} is not a list of prefixes, e.g. /v3beta,/v3alpha`);
}

function oneOf<const Word extends string>(flag: string, value: string, words: readonly [Word, Word]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new FlagError(`--${flag} ${JSON.stringify(value)} is neither ${words.join(" nor ")}`);
}

function parseExposure(value: string): Exposure {
  if (value === "all" || value === "read-only") return value;
  return value.split(",").map((name) => name.trim());
}

/** Reads `NAME:PASSWORD`; the password may have colons. A line break at the end is the editor's. */
function readCredentials(file: string): EtcdCredentials {
  const [, user, password] = /^([^:\r\n]+):([^\r\n]+)\r?\n?$/.exec(readFlagFile("user-file", file).toString()) ?? [];
  if (user === undefined || password === undefined) {
    throw new FlagError(`--user-file: ${JSON.stringify(file)} is not one line NAME:PASSWORD`);
  }
  return { user, password };
}

function parseNumber(flag: string, value: string, what: string, example: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number > 0) return number;
  throw new FlagError(`--${flag} ${JSON.stringify(value)} is not a number of ${what}, e.g. ${example}`);
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseTime(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value === "0") return 0;
  const [, digits, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(value) ?? [];
  const milliseconds = MILLISECONDS[unit ?? ""];
  if (digits === undefined || milliseconds === undefined) {
    throw new FlagError(`--${flag} ${JSON.stringify(value)} is not a time, e.g. 500ms, 30s or 2m`);
  }
  return Number(digits) * milliseconds;
}

function certificatePair(
  certFlag: string,
  certFile: string | undefined,
  keyFlag: string,
  keyFile: string | undefined,
): CertificatePair | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined) throw new FlagError(`--${keyFlag} needs --${certFlag} beside it`);
  if (keyFile === undefined) throw new FlagError(`--${certFlag} needs --${keyFlag} beside it`);
  return { cert: readPem(certFlag, certFile), key: readPem(keyFlag, keyFile) };
}

function readFlagFile(flag: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new FlagError(`--${flag}: cannot read ${JSON.stringify(file)}: ${reason}`);
  }
}

function readPem(flag: string, file: string): Buffer {
  const content = readFlagFile(flag, file);
  if (!content.includes("-----BEGIN ")) throw new FlagError(`--${flag}: ${JSON.stringify(file)} is not a PEM file`);
  return content;
}
