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
  /** The certificate authorities to trust, PEM. By default, those of Node.js. */
  readonly ca?: Buffer | string;
  /** The client certificate and its chain, PEM. Needs `key`. */
  readonly cert?: Buffer | string;
  /** The private key of the client certificate, PEM. Needs `cert`. */
  readonly key?: Buffer | string;
  /** The name to expect in the server's certificate, if it is not the endpoint's host. */
  readonly serverName?: string;
}

/** Pings that detect dead connections while there are calls on them. Times are in milliseconds. */
export interface KeepaliveOptions {
  /**
   * The time between two pings. etcd drops clients that ping more often than every 5 s.
   *
   * @defaultValue 6000 milliseconds
   */
  readonly interval?: number;
  /**
   * How long a ping may wait for its response.
   *
   * @defaultValue 3000 milliseconds
   */
  readonly timeout?: number;
}

/** The options of a {@link GrpcTransport}. */
export interface GrpcTransportOptions {
  /**
   * The servers' addresses: `host:port`, `http://host:port`, `https://host:port` (TLS) or `unix:path`. IPv6 addresses
   * are in brackets. A call goes to the ready endpoint with the fewest calls. Endpoints that are silent while others
   * respond are used last.
   */
  readonly endpoints: readonly string[];
  /**
   * The gRPC implementation: `grpc-js`, or `lean`, which needs much less CPU time for small requests, needs somewhat
   * less for large ones and streams, and does not load grpc-js. See docs/channels.md.
   *
   * @defaultValue "grpc-js"
   */
  readonly channel?: ChannelKind;
  /**
   * TLS to all endpoints. Without it, only `https://` endpoints use TLS. The server's certificate is always verified.
   */
  readonly tls?: TlsOptions;
  /**
   * How long a call waits for a reachable endpoint before it fails with `UNAVAILABLE` (HTTP 503).
   *
   * @defaultValue 5000 milliseconds
   */
  readonly connectTimeout?: number;
  /** Pings that detect dead connections while there are calls on them. */
  readonly keepalive?: KeepaliveOptions;
  /**
   * How many streams, and other calls that may wait for days, share a connection before the transport opens another
   * one. The server's own limit also applies.
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
    text: "the servers' addresses: `host:port`, `http://host:port`, `https://host:port` (TLS) or `unix:path`. IPv6 addresses are in brackets. A call goes to the ready endpoint with the fewest calls. Endpoints that are silent while others respond are used last",
    expected: 'a list of at least one endpoint, such as ["127.0.0.1:2379"]',
    least: 1,
  },
  text({ text: "an endpoint", expected: 'an endpoint such as "127.0.0.1:2379"' }),
).required();

/** The option for the gRPC implementation. */
export const CHANNEL: Option<ChannelKind> = oneOf(
  "the gRPC implementation: `grpc-js`, or `lean`, which needs much less CPU time for small requests, needs somewhat less for large ones and streams, and does not load grpc-js: see [channels.md](channels.md)",
  ...CHANNELS,
).or("grpc-js");

/** The options for the TLS certificates. */
export const TLS_CERTIFICATES: OptionTable<Omit<TlsSettings, "serverName">> = {
  ca: pem("the certificate authorities to trust, PEM. By default, those of Node.js"),
  cert: pem("the client certificate and its chain, PEM. Needs `key`"),
  key: pem("the private key of the client certificate, PEM. Needs `cert`", true),
};

/** The option for TLS to the servers. */
export const TLS: Option<TlsSettings | undefined> = optionalGroup<TlsSettings>(
  "TLS to all endpoints. Without it, only `https://` endpoints use TLS. The server's certificate is always verified",
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
  text: "how long a call waits for a reachable endpoint before it fails with `UNAVAILABLE` (HTTP 503)",
  from: 1,
}).or(5_000);

/** The table of the options {@link GrpcTransportOptions}. */
export const GRPC_TRANSPORT_OPTIONS: OptionTable<GrpcTransportSettings> = {
  endpoints: ENDPOINTS,
  channel: CHANNEL,
  tls: TLS,
  connectTimeout: CONNECT_TIMEOUT,
  keepalive: group<Checked<KeepaliveOptions>>("pings that detect dead connections while there are calls on them", {
    interval: milliseconds({
      text: "the time between two pings. etcd drops clients that ping more often than every 5 s",
      from: 1,
    }).or(6_000),
    timeout: milliseconds({ text: "how long a ping may wait for its response", from: 1 }).or(3_000),
  }),
  streamsPerConnection: count({
    text: "how many streams, and other calls that may wait for days, share a connection before the transport opens another one. The server's own limit also applies",
    from: 1,
    to: 2 ** 31 - 1,
  }).or(100),
};
