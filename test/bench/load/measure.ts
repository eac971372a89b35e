import type { EtcdServer } from "../../etcd-server/server.js";
import type { RunningContender } from "../contenders/contender.js";
import type { Children } from "../machine/children.js";
import { cpuTime, endedChildrenCpuTime, peakMemory, resetPeakMemory } from "../machine/process-usage.js";
import { type Load, putUnderLoad } from "./load.js";

/** The cost of one turn of a contender under load. CPU times are microseconds per request. */
export interface Measure {
  /** Requests per second. */
  readonly rate: number;
  /** CPU time of the contender's own process. 0 if it has none. */
  readonly gateway: number;
  readonly etcd: number;
  /** CPU time of the load generator, which runs on the same machine. */
  readonly load: number;
  /** CPU time of the contender and etcd together. */
  readonly both: number;
  /** The median and the 99th percentile of the response times, in milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** The peak memory of the contender's process during the turn, in bytes. For a contender in etcd, that of etcd. */
  readonly peak: number;
}

/** Puts a contender under load, and measures the usage of all processes. */
export async function measure(
  children: Children,
  { url, pid, load = (work) => putUnderLoad(children, work) }: RunningContender,
  etcd: EtcdServer,
  { path, ...work }: Omit<Load, "url"> & { readonly path: string },
): Promise<Measure> {
  const cpu = () => ({
    gateway: pid === undefined ? 0 : cpuTime(pid),
    etcd: cpuTime(etcd.pid),
    load: endedChildrenCpuTime(),
  });
  resetPeakMemory(pid ?? etcd.pid);
  const before = cpu();
  const { requests, duration, p50, p99 } = await load({ ...work, url: url + path });
  const after = cpu();
  // When the time is over, each connection has a request in progress, which is half done on average.
  const done = "seconds" in work.amount ? requests + work.connections / 2 : requests;
  const gateway = (after.gateway - before.gateway) / done;
  const ofEtcd = (after.etcd - before.etcd) / done;
  return {
    rate: requests / (duration / 1000),
    gateway,
    etcd: ofEtcd,
    load: (after.load - before.load) / done,
    both: gateway + ofEtcd,
    p50,
    p99,
    peak: peakMemory(pid ?? etcd.pid),
  };
}
