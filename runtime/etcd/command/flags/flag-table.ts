import { availableParallelism } from "node:os";
import { isDialectPrefix, pathsOf } from "@etcd-gateway/runtime/options";
import { DIALECT_NAMES, isDialectName } from "../../options/dialect-names.js";
import { ETCD_GATEWAY_OPTIONS } from "../../options/etcd-gateway-settings.js";
import { COMMAND_OPTIONS, MOST_WORKERS, PROBE_TIMEOUT } from "./command-options.js";
import { type Flag, type FlagTarget, flagOf, readList } from "./flag.js";
import { FlagError } from "./flag-error.js";
import { readCredentials, readPem } from "./flag-files.js";

/** The default address to listen on. */
export const DEFAULT_LISTEN = "127.0.0.1:8080";

/** The default endpoint of etcd. */
export const DEFAULT_ENDPOINTS = "127.0.0.1:2379";

const FLAGS_BY_PATH: ReadonlyMap<string, Flag> = new Map(
  pathsOf(COMMAND_OPTIONS).map(({ path, option }) => [path, flagOf(path, option)]),
);

/** Makes a flag that sets an option. The option determines the properties that `said` does not contain. */
function sets(path: string, said: Partial<Omit<Flag, "sets">> = {}, read?: FlagTarget["read"]): Flag {
  const flag = FLAGS_BY_PATH.get(path);
  if (flag?.sets === undefined) throw new TypeError(`there is no option ${path}`);
  return { ...flag, ...said, sets: { ...flag.sets, ...(read !== undefined && { read }) } };
}

/** Makes a flag without a value, which sets an option to a value other than its default. */
function turns(path: string, on: unknown, text: string): Flag {
  const { default: _, ...flag } = sets(path, { value: undefined, text }, () => on);
  return flag;
}

/** The flags of the command by name, in the order and with the headings of the help. */
export const FLAG_SECTIONS: Readonly<Record<string, Readonly<Record<string, Flag>>>> = {
  "": {
    endpoints: sets("gateway.endpoints", {
      text: "etcd's client endpoints. Those with `https://` use TLS. If neither this flag nor `ETCD_GATEWAY_ENDPOINTS` is set, the command uses the environment variable `ETCD_ENDPOINTS`",
      default: DEFAULT_ENDPOINTS,
    }),
    listen: {
      value: "HOST:PORT",
      text: "where to listen. Port 0 picks a free port, and `:PORT` listens on all interfaces. If other machines can reach the port, a line on standard error says so",
      default: DEFAULT_LISTEN,
    },
    channel: sets("gateway.channel", { value: "KIND" }),
    workers: sets(
      "server.workers",
      {
        value: "N",
        text: "how many processes serve. `auto` means one for each core. The limits below apply to each process separately: see [workers](command.md#workers)",
      },
      readWorkers,
    ),
    config: {
      value: "FILE",
      text: 'a JSON file with values of flags, such as `{ "listen": ":8080", "strict": true }`. The command line and the environment take precedence',
    },
    explorer: sets("server.explorer", { value: undefined }, () => true),
    "no-explorer": { value: undefined, text: "do not serve the explorer" },
  },
  "TLS to etcd": {
    cacert: sets("gateway.tls.ca", { value: "FILE", text: "the certificate authorities to trust, PEM" }, readPem),
    cert: sets("gateway.tls.cert", { value: "FILE", text: "the client certificate, PEM. Needs `--key`" }, readPem),
    key: sets("gateway.tls.key", { value: "FILE", text: "its private key, PEM" }, readPem),
    "server-name": sets("gateway.tls.serverName", {
      text: "the name to expect in etcd's certificate, if it is not the endpoint's host",
    }),
  },
  "Who may do what": {
    "act-as": sets("gateway.access.actAs", {
      value: "WHO",
      text: "whose rights requests have. `caller`: those of the token in each request. `gateway`: those of `--user-file` or `--cert`, for everyone who reaches this server: see [Access](access.md#rights)",
    }),
    "user-file": sets(
      "gateway.access.credentials",
      {
        value: "FILE",
        text: "the gateway's own etcd user: a file with one line `NAME:PASSWORD`. There is no flag for the password, because every user of the machine can read a command line",
      },
      readCredentials,
    ),
    expose: sets("gateway.access.expose"),
  },
  "TLS of this server": {
    "listen-cert": { value: "FILE", text: "serve HTTPS with this certificate, PEM. Needs `--listen-key`" },
    "listen-key": { value: "FILE", text: "its private key, PEM" },
    "client-cert-auth": {
      value: undefined,
      text: "accept only clients with a certificate of an authority in `--trusted-ca-file`",
    },
    "trusted-ca-file": {
      value: "FILE",
      text: "the authorities of client certificates, PEM. As in etcd, this flag alone is enough to require certificates",
    },
  },
  "What clients send and get": {
    dialect: sets(
      "gateway.dialect",
      {
        value: "NAME",
        default: Object.entries(ETCD_GATEWAY_OPTIONS.dialect.default ?? {})
          .map(([prefix, name]) => `${prefix}=${name}`)
          .join(","),
      },
      readDialect,
    ),
    "text-revocation": sets("gateway.json.textRevocation"),
    bytes: sets("gateway.bytes", { value: "FORM" }),
    "lenient-trailing": turns(
      "gateway.json.trailingData",
      "ignore",
      "ignore data after the JSON of a unary request, as etcd does",
    ),
    strict: turns("gateway.json.unknownFields", "reject", "reject JSON fields that the API does not have"),
    "unbound-rpcs": sets("gateway.access.unboundRpcs", { value: undefined }, () => true),
    refusals: sets("gateway.access.refusals", { value: "HOW" }),
    cors: sets("gateway.browsers.cors", {
      text: "the origins whose web pages may use this server, such as `https://app.example`, or `*` for all. By default, [only the server's own origin](access.md#browsers)",
    }),
    "allowed-hosts": sets("gateway.browsers.allowedHosts", {
      text: "the hosts that requests may have in their `Host` header, without ports, or `*` for any. Requests with another host get 421, unless they come over TLS. By default, any host is allowed; on a loopback address, only `localhost`, `127.0.0.1`, `::1` and the host of `--listen`",
    }),
    "forward-headers": sets(
      "gateway.forwardHeaders",
      {
        text: "request headers that etcd gets as metadata of the same name. `X-Tenant-*` stands for all names that begin with `X-Tenant-`, and an empty list for none: see [metadata](observability.md#metadata)",
      },
      (value, flag) => (value === "" ? [] : readList(value, flag)),
    ),
    heartbeat: sets("gateway.streams.heartbeatInterval"),
    "ping-interval": sets("server.pingInterval"),
  },
  "Logs and metrics": {
    log: sets("server.log", { value: "FORMAT" }),
    "log-level": sets("server.logLevel", { value: "LEVEL" }),
    "no-metrics": turns(
      "server.metrics",
      false,
      "do not serve `/metrics`. By default, everyone who may use this server can read it, as on etcd: see [metrics](observability.md#metrics)",
    ),
  },
  "Limits and timeouts": {
    "max-body": sets("gateway.limits.maxBody"),
    "max-in-flight": sets("gateway.limits.maxInFlight"),
    "max-streams": sets("gateway.limits.maxStreams"),
    "max-sign-ins": sets("gateway.limits.maxSignIns"),
    "max-watches": sets("gateway.limits.maxWatches"),
    "max-connections": sets("server.maxConnections"),
    "max-incomplete": sets("gateway.limits.maxIncomplete"),
    "max-unread": sets("gateway.limits.maxUnread"),
    "stall-timeout": sets("gateway.timeouts.stall"),
    "unary-timeout": sets("gateway.timeouts.unary"),
    "connect-timeout": sets("gateway.timeouts.connect"),
    "resume-timeout": sets("gateway.timeouts.resume"),
    grace: sets("server.grace", { text: "how long unary calls in progress may take to finish after SIGTERM" }),
  },
  "Instead of serving": {
    probe: {
      value: "URL",
      text: `check a running server, and exit: with 0 if it responds with 200 within ${PROBE_TIMEOUT / 1000} s, otherwise with 1 and a line with the reason. If the URL has no path, the request is for \`/readyz\`. With \`https://\`, the command uses \`--cacert\`, \`--cert\`, \`--key\` and \`--server-name\`. With \`http://\`, it sends one of the \`--allowed-hosts\` as \`Host\`, if there are any`,
      asksFor: "probe",
    },
    help: { value: undefined, text: "print this text", asksFor: "help" },
    version: { value: undefined, text: "print the version", asksFor: "version" },
  },
};

/** All flags, by name. */
export const FLAGS: Readonly<Record<string, Flag>> = Object.assign({}, ...Object.values(FLAG_SECTIONS));

/** Other names of flags that the command accepts, by which it finds the flag's own name. */
export const OTHER_NAMES: ReadonlyMap<string, string> = new Map([["body-limit", "max-body"]]);

function readWorkers(value: string, source: string): unknown {
  if (value === "auto") return availableParallelism();
  const count = /^\d+$/.test(value) ? Number(value) : 0;
  if (count >= 1 && count <= MOST_WORKERS) return count;
  throw new FlagError(`invalid ${source} ${JSON.stringify(value)}: expected 1 to ${MOST_WORKERS}, or auto`);
}

/** Reads a dialect, or `PREFIX=NAME[,...]`. */
function readDialect(value: string, source: string): unknown {
  if (isDialectName(value)) return value;
  const byPrefix = value.split(",").map((entry): [string, string] => {
    const [, prefix = "", name = ""] = /^([^=]+)=(.+)$/.exec(entry) ?? [];
    if (!isDialectPrefix(prefix) || !isDialectName(name)) {
      throw new FlagError(
        `invalid ${source} ${JSON.stringify(value)}: expected ${DIALECT_NAMES.join(", ")} or PREFIX=NAME[,...] such as /v3=v1`,
      );
    }
    return [prefix, name];
  });
  return Object.fromEntries(byPrefix);
}
