import { type Channel, type ChannelOptions, createChannel } from "@etcd-gateway/client";
import { type Client, createClient } from "../../../generated/client.js";
import { IDEMPOTENT_RPCS, UNLIMITED_RPCS } from "../api/rpc-lists.js";
import { PATH_PREFIXES } from "../api/version-prefixes.js";
import { refusesToken } from "./refused-token.js";

/** The address of etcd's HTTP API, and options for calls. */
export interface EtcdClientOptions<Text extends boolean = boolean> extends ChannelOptions<Text> {
  /**
   * The prefix of all paths. Older versions of etcd's own gateway use `/v3beta` (3.3) or `/v3alpha` (3.2 and earlier).
   *
   * @defaultValue "/v3"
   */
  readonly prefix?: string;
}

/**
 * Makes a channel to etcd's HTTP API, which this gateway or etcd's own gateway serves. The channel is the argument of
 * the clients of single services, such as `kvClient(channel)`.
 *
 * @throws TypeError if an option is invalid
 */
export function etcdChannel<const Text extends boolean = false>(options: EtcdClientOptions<Text>): Channel<Text> {
  // JavaScript may pass anything. The channel then rejects it.
  const { prefix = "/v3", ...rest } = copyOf(options ?? {});
  if (!/^(\/[^/?#]+)+$/.test(prefix)) {
    throw new TypeError(`prefix: expected a path such as "/v3beta", got ${JSON.stringify(prefix)}`);
  }
  return createChannel<Text>(typeof options === "object" ? rest : options, {
    // Older versions of etcd read the whole value of this header as the token.
    authorization: (token) => token,
    refusesToken,
    path(path) {
      const own = PATH_PREFIXES.find((each) => path.startsWith(`${each}/`));
      return own === undefined ? path : prefix + path.slice(own.length);
    },
    unlimited: UNLIMITED_RPCS,
    idempotent: IDEMPOTENT_RPCS,
  });
}

/**
 * Makes a client of etcd's HTTP API:
 *
 *     const etcd = etcdClient({ baseUrl: "http://127.0.0.1:8080" });
 *     const { kvs } = await etcd.kv.range({ key: "foo" });
 *
 * Calls that fail reject with an `RpcError`.
 *
 * @throws TypeError if an option is invalid
 */
export function etcdClient<const Text extends boolean = false>(options: EtcdClientOptions<Text>): Client<Text> {
  return createClient(etcdChannel(options));
}

/**
 * Returns a copy of the options, each of which is read once. A getter may throw. A getter of a class is not found by the
 * loop; without the prefix, calls would go to another path.
 */
function copyOf<Options extends object>(options: Options): Options {
  const copy: Record<string, unknown> = {};
  let reading = "options";
  try {
    for (const name in options) {
      reading = name;
      copy[name] = options[name];
    }
    reading = "prefix";
    if (!(reading in copy)) copy[reading] = Reflect.get(Object(options), reading);
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${reading}: cannot read it: ${text}`, { cause });
  }
  // The compiler cannot type a copy that is made member by member.
  return copy as Options;
}
