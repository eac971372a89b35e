import type { Config } from "./config.js";
import { etcdClient } from "./etcd-client.js";
import { session } from "./session.js";

/** etcd, as the page speaks with it: by the client that everybody else uses. */
export type Etcd = ReturnType<typeof connect>;

export function connect({ baseUrl }: Config) {
  return etcdClient({ baseUrl: baseUrl.href, token: () => session.peek()?.token });
}
