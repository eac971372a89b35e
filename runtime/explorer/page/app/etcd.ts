import { type Etcd, etcdClient } from "./bundled-client.js";
import type { Config } from "./config.js";
import { keepSession, session } from "./user-session.js";

/** Makes the page's etcd client. Its calls send the token of the signed-in user. */
export function connect({ baseUrl }: Config): Etcd {
  return etcdClient({ baseUrl: baseUrl.href, token: () => session.peek()?.token });
}

/**
 * Signs in as an etcd user. etcd refuses a call with an expired token, even the one that signs in, so this one has none.
 *
 * @throws RpcError if the name or the password is wrong, or the call fails
 */
export async function signIn({ baseUrl }: Config, name: string, password: string): Promise<void> {
  const { token } = await etcdClient({ baseUrl: baseUrl.href }).auth.authenticate({ name, password });
  keepSession({ user: name, token });
}
