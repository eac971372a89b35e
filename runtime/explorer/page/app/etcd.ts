import type { Config } from "./config.js";
import { type Etcd, etcdClient } from "./etcd-client.js";
import { session } from "./session.js";

/** Connects the page with etcd: who has signed in calls it. */
export function connect({ baseUrl }: Config): Etcd {
  return etcdClient({ baseUrl: baseUrl.href, token: () => session.peek()?.token });
}
