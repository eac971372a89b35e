import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { EtcdGatewayOptions } from "etcd-gateway";
import { startGateway, type TestGateway } from "../../e2e/gateway.js";
import { type EtcdOptions, type EtcdServer, startEtcd } from "../../etcd-server/server.js";
import { at, base64, result } from "../../http/etcd-json.js";
import { post } from "../../http/requests.js";
import { until } from "../../until.js";

/**
 * Starts an etcd server with authentication, which runs until the test ends. Its users are `root`, `alice` with all
 * rights to `a/`, and `bob` with all rights to `b/`.
 */
export async function startAuthEtcd(t: TestContext, options: EtcdOptions = {}): Promise<EtcdServer> {
  const etcd = await startEtcd(options);
  t.after(() => etcd.stop());
  return etcd;
}

/** The passwords of the users. */
export const PASSWORDS = { root: "toor-secret", alice: "alice-secret", bob: "bob-secret" } as const;

/** Starts a gateway that runs until the test ends. */
export async function gatewayOf(t: TestContext, options: EtcdGatewayOptions): Promise<TestGateway> {
  const gateway = await startGateway(options);
  t.after(() => gateway.close());
  return gateway;
}

/** Creates the users and enables authentication, through a gateway that has the rights to do so. */
export async function enableAuth(url: string): Promise<void> {
  const auth = async (rpc: string, body: unknown = {}) => result(await post(`${url}/v3/auth/${rpc}`, body));
  for (const [name, password] of Object.entries(PASSWORDS)) await auth("user/add", { name, password });
  for (const role of ["root", "a", "b"]) await auth("role/add", { name: role });
  for (const role of ["a", "b"]) {
    const perm = { permType: "READWRITE", key: base64(`${role}/`), range_end: base64(`${role}0`) };
    await auth("role/grant", { name: role, perm });
  }
  await auth("user/grant", { user: "root", role: "root" });
  await auth("user/grant", { user: "alice", role: "a" });
  await auth("user/grant", { user: "bob", role: "b" });
  await auth("enable");
}

/** The flags of an etcd that expires tokens unused for a second, checks for them every second, and logs it. */
export const ENDING_TOKENS = ["--auth-token-ttl=1", "--log-level=debug"] as const;

/** Waits until an etcd with {@link ENDING_TOKENS} has expired a user's token. */
export async function tokenEnds(etcd: EtcdServer, user: keyof typeof PASSWORDS): Promise<void> {
  const line = new RegExp(`deleted a simple token.*"user-name":"${user}"`);
  await until(() => line.test(etcd.log), `the token of ${user} ends`);
}

/** Returns a token. */
export async function login(url: string, name: keyof typeof PASSWORDS): Promise<string> {
  const answer = await post(`${url}/v3/auth/authenticate`, { name, password: PASSWORDS[name] });
  assert.equal(answer.status, 200);
  return String(at(answer.json, "token"));
}
