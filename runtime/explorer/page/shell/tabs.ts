import type { App } from "../app/app-context.js";

/** A part of the page. */
export type TabName = "keys" | "calls" | "cluster";

/** What etcd's API has that each part needs. */
const NEEDS: Readonly<Record<TabName, readonly string[]>> = {
  keys: ["KV_Range", "KV_Txn", "Watch_Watch"],
  calls: [],
  cluster: ["Cluster_MemberList", "Maintenance_Status"],
};

/** The parts to show: those that were asked for, if the API has what they need. */
export function tabsOf({ config, exposure }: App): readonly TabName[] {
  const all: readonly TabName[] = ["keys", "calls", "cluster"];
  const asked = config.tabs === undefined ? all : config.tabs.flatMap((name) => all.find((tab) => tab === name) ?? []);
  return asked.filter((tab) => NEEDS[tab].every((id) => exposure.has(id)));
}
