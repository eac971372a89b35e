import { isIP } from "node:net";
import type { Checked, Option, OptionalOption, OptionTable } from "../options/option.js";
import { group, optionalGroup } from "../options/option-group.js";
import { count, instance, listOf, milliseconds, oneOf, text } from "../options/option-kinds.js";

/** The implementations that carry calls: grpc-js, and this package's own lean channel. */
export const CHANNELS = ["grpc-js", "lean"] as const;

/** The implementation that carries calls. */
export type ChannelKind = (typeof CHANNELS)[number];

/** TLS to the endpoints. The server's certificate is always verified. */
export interface TlsOptions {
  /** The certificate authorities to trust, PEM. By default those of Node.js. */
  readonly ca?: Buffer | string;
  /** The client certificate chain, PEM. Needs `key`. */
  readonly cert?: Buffer | string;
  /** The client certificate's private key, PEM. Needs `cert`. */
  readonly key?: Buffer | string;
  /** The name to verify the server's certificate against, if it is not the endpoint's host. */
  readonly serverName?: string;
}

/** Pings that detect dead connections while there are calls on them. Times are in milliseconds. */
export interface KeepaliveOptions {
  /**
   * The time between two pings. etcd drops clients that ping more often than every 5 s.
   *
   * @defaultValue 6000
   */
  readonly interval?: number;
  /**
   * How long a ping may wait for its response.
   *
   * @defaultValue 3000
   */
  readonly timeout?: number;
}

/** The options of a {@link GrpcTransport}. */
export interface GrpcTransportOptions {
  /**
   * The endpoints: `host:port`, `http://host:port`, `https://host:port` (TLS), an IPv6 address in brackets, or
   * `unix:path`. A call goes to the ready endpoint with the fewest calls. Endpoints that are silent while others
   * respond are used last.
   */
  readonly endpoints: readonly string[];
  /**
   * The gRPC implementation: `grpc-js`, or `lean`, this package's own channel, which needs less CPU time and does not
   * load grpc-js. See docs/channels.md for the differences.
   *
   * @defaultValue "grpc-js"
   */
  readonly channel?: ChannelKind;
  /** TLS to all endpoints, with or without `https://`. */
  readonly tls?: TlsOptions;
  /**
   * How long a call waits for an endpoint before it fails with `UNAVAILABLE`, in milliseconds.
   *
   * @defaultValue 5000
   */
  readonly connectTimeout?: number;
  /** Pings that detect dead connections while there are calls on them. */
  readonly keepalive?: KeepaliveOptions;
  /**
   * How many streams, and other calls that may wait for days, share a connection before another one is opened. The
   * server's own limit also applies.
   *
   * @defaultValue 100
   */
  readonly streamsPerConnection?: number;
}

/** The checked TLS options. */
export type TlsSettings = Checked<TlsOptions, keyof TlsOptions>;

/** The checked options of a transport. */
export interface GrpcTransportSettings extends Omit<Checked<GrpcTransportOptions>, "tls" | "keepalive"> {
  readonly tls: TlsSettings | undefined;
  readonly keepalive: Checked<KeepaliveOptions>;
}

function pem(text: string, secret = false): OptionalOption<Buffer | string> {
  const expected = "PEM: the content of a file that has -----BEGIN in it, not its path";
  return instance<Buffer | string>(
    { text, type: "Buffer | string", expected, secret },
    (given) => (typeof given === "string" || Buffer.isBuffer(given)) && given.includes("-----BEGIN "),
  );
}

/** The option for the addresses of servers. */
export const ENDPOINTS: Option<readonly string[]> = listOf(
  {
    text: "the servers' addresses: `host:port`, `http://host:port`, `https://host:port` (TLS) or `unix:path`. IPv6 addresses are in brackets",
    expected: 'a list of at least one endpoint, such as ["127.0.0.1:2379"]',
    least: 1,
  },
  text({ text: "an endpoint", expected: 'an endpoint such as "127.0.0.1:2379"' }),
).required();

/** The option for the gRPC implementation. */
export const CHANNEL: Option<ChannelKind> = oneOf(
  "the gRPC implementation: `grpc-js`, or `lean`, which needs much less CPU time for small requests, and somewhat less for large ones and streams: see [channels.md](channels.md)",
  ...CHANNELS,
).or("grpc-js");

/** The options for the TLS certificates. */
export const TLS_CERTIFICATES: OptionTable<Omit<TlsSettings, "serverName">> = {
  ca: pem("the certificate authorities to trust, PEM. By default those of Node.js"),
  cert: pem("the client certificate, PEM"),
  key: pem("the private key of the client certificate, PEM", true),
};

/** The option for TLS to the servers. */
export const TLS: Option<TlsSettings | undefined> = optionalGroup<TlsSettings>(
  "TLS to the endpoints. Without it, only `https://` endpoints use TLS. The server's certificate is always verified",
  {
    ...TLS_CERTIFICATES,
    serverName: text({
      text: "the name to expect in the server's certificate, if it is not the endpoint's host",
      expected: 'a host name such as "etcd.example", or an address',
      accepts: (name) => /^[a-z\d_][\w.-]*$/i.test(name) || isIP(name) !== 0,
    }),
  },
  { secret: true, expected: "an object with ca, cert, key and serverName, or some of them" },
);

/** The option for how long a call waits for an endpoint, in milliseconds. */
export const CONNECT_TIMEOUT: Option<number> = milliseconds({
  text: "how long a call waits for a reachable endpoint before it fails with 503",
  from: 1,
}).or(5_000);

/** The table of the options {@link GrpcTransportOptions}. */
export const GRPC_TRANSPORT_OPTIONS: OptionTable<GrpcTransportSettings> = {
  endpoints: ENDPOINTS,
  channel: CHANNEL,
  tls: TLS,
  connectTimeout: CONNECT_TIMEOUT,
  keepalive: group<Checked<KeepaliveOptions>>("pings that detect dead connections", {
    interval: milliseconds({ text: "the time between two pings", from: 1 }).or(6_000),
    timeout: milliseconds({ text: "how long a ping may wait for its response", from: 1 }).or(3_000),
  }),
  streamsPerConnection: count({ text: "how many long calls share a connection", from: 1, to: 2 ** 31 - 1 }).or(100),
};
