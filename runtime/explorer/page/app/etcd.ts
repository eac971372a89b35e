import { type Etcd, etcdClient } from "./bundled-client.js";
import type { Config } from "./config.js";
import { session } from "./user-session.js";

/** Makes the page's etcd client. Its calls send the token of the signed-in user. */
export function connect({ baseUrl }: Config): Etcd {
  return etcdClient({ baseUrl: baseUrl.href, token: () => session.peek()?.token });
}
