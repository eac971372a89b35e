import type { TestContext } from "node:test";
import type { GatewayOptions } from "../../../runtime/core/gateway/gateway-options.js";
import type { UpgradeOptions } from "../../../runtime/core/websocket/upgrade-options.js";
import { type Mount, type Served, serveNotes } from "../http/serve-notes.js";

/** Serves a gateway of notes over HTTP and WebSocket until the test ends. */
export async function serveSockets(
  t: TestContext,
  options: Partial<GatewayOptions> = {},
  mount: Mount = {},
  upgrades: UpgradeOptions = {},
): Promise<Served> {
  const served = await serveNotes(t, options, mount);
  served.gateway.handleUpgrades(served.server, upgrades);
  return served;
}
