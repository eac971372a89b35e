import type { App } from "../app/app-context.js";

/** A tab of the page. */
export type TabName = "keys" | "calls" | "cluster";

/** The operations that the API must have for each tab. */
const NEEDS: Readonly<Record<TabName, readonly string[]>> = {
  keys: ["KV_Range", "KV_Txn", "Watch_Watch"],
  calls: [],
  cluster: ["Cluster_MemberList", "Maintenance_Status"],
};

/** Returns the tabs to show: the requested ones, if the API has the operations that they need. */
export function tabsOf({ config, exposure }: App): readonly TabName[] {
  const all: readonly TabName[] = ["keys", "calls", "cluster"];
  const asked = config.tabs === undefined ? all : config.tabs.flatMap((name) => all.find((tab) => tab === name) ?? []);
  return asked.filter((tab) => NEEDS[tab].every((id) => exposure.has(id)));
}
