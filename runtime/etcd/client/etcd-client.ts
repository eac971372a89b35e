import { type Channel, type ChannelOptions, createChannel } from "@etcd-gateway/client";
import { type Client, createClient } from "../../../generated/client.js";
import { IDEMPOTENT_RPCS, UNLIMITED_RPCS } from "../rpc-lists.js";

/** Where etcd's HTTP API is, and how it is called. */
export interface EtcdClientOptions<Text extends boolean = boolean> extends ChannelOptions<Text> {
  /**
   * What the paths begin with. The gateways of old etcds have others: `/v3beta` in 3.3, `/v3alpha` in 3.2 and before.
   *
   * @defaultValue "/v3"
   */
  readonly prefix?: string;
}

/**
 * Makes a channel to etcd's HTTP API: that of this gateway, or of etcd's own. Clients of single services take it, such
 * as `kvClient(channel)`.
 *
 * @throws TypeError if an option cannot be used
 */
export function etcdChannel<const Text extends boolean = false>(options: EtcdClientOptions<Text>): Channel<Text> {
  const { prefix = "/v3", timeouts, idempotent = [], ...rest } = options;
  if (!/^(\/[^/?#]+)+$/.test(prefix)) {
    throw new TypeError(`prefix: expected a path such as "/v3beta", got ${JSON.stringify(prefix)}`);
  }
  const unlimited = Object.fromEntries(UNLIMITED_RPCS.map((rpc) => [rpc, 0]));
  return createChannel<Text>(
    {
      ...rest,
      timeouts: { ...timeouts, rpcs: { ...unlimited, ...timeouts?.rpcs } },
      idempotent: [...IDEMPOTENT_RPCS, ...idempotent],
    },
    {
      // Older etcds take what stands here for the whole token.
      authorization: (token) => token,
      path: (path) => path.replace(/^\/v3(alpha|beta)?(?=\/)/, prefix),
    },
  );
}

/**
 * Makes a client of etcd's HTTP API:
 *
 *     const etcd = etcdClient({ baseUrl: "http://127.0.0.1:8080" });
 *     const { kvs } = await etcd.kv.range({ key: "foo" });
 *
 * Whatever goes wrong in a call rejects with an `RpcError`.
 *
 * @throws TypeError if an option cannot be used
 */
export function etcdClient<const Text extends boolean = false>(options: EtcdClientOptions<Text>): Client<Text> {
  return createClient(etcdChannel(options));
}
