import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificates } from "./certificates.js";
import { EtcdProcess } from "./etcd-process.js";
import { DEFAULT_VERSION, type EtcdVersion } from "./etcd-versions.js";
import { freePorts } from "./free-ports.js";
import { parseMetrics } from "./metrics.js";
import { obtainEtcd } from "./obtain/obtain.js";
import type { EtcdBinary } from "./obtain/request.js";

/** The options of {@link startEtcd}. */
export interface EtcdOptions {
  /** The minor version. The default is the value of `ETCD_TEST_VERSION`, otherwise {@link DEFAULT_VERSION}. */
  readonly version?: EtcdVersion;
  /** More flags for the server. If a flag occurs twice, the last one counts. */
  readonly args?: readonly string[];
  /** The TLS options for clients. Without it, the server does not use TLS. */
  readonly tls?: EtcdTls;
}

/** The TLS options for a server's clients. */
export interface EtcdTls {
  readonly certificates: Certificates;
  /** Whether the server rejects clients without a certificate of the authority. */
  readonly clientAuth?: boolean;
}

/** A real etcd server for tests, with its data in memory if the system has a file system there. */
export interface EtcdServer {
  /** The address for clients, `127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The URL for clients: `http://127.0.0.1:PORT`, or `https:` with TLS. */
  readonly url: string;
  /** For example `3.4.23`. */
  readonly version: string;
  /** The current process id. It changes with {@link restart}. */
  readonly pid: number;
  /** The end of the server's output. */
  readonly log: string;
  /** Sends a signal to the process. If the signal ends it, waits for the end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Kills the server if it runs, and starts it again on the same ports and data. */
  restart(): Promise<void>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
  /** The server's counters and gauges by name, including labels, for example `etcd_debugging_mvcc_watcher_total`. */
  metrics(): Promise<ReadonlyMap<string, number>>;
}

/** Servers that form one etcd cluster. */
export interface EtcdCluster {
  readonly members: readonly EtcdServer[];
  /** The members' endpoints, in the order of the members. */
  readonly endpoints: readonly string[];
  stop(): Promise<void>;
}

/** Starts a separate server for a test. The server is healthy when the promise resolves. */
export async function startEtcd(options: EtcdOptions = {}): Promise<EtcdServer> {
  const [server] = await startMembers([versionOf(options)], options);
  if (server === undefined) throw new Error("no server was started");
  return server;
}

/** Starts a cluster of the given size. It has a leader when the promise resolves. */
export function startCluster(size: number, options: EtcdOptions = {}): Promise<EtcdCluster> {
  return startMixedCluster(Array(size).fill(versionOf(options)), options);
}

/** Starts a cluster whose members have these versions. It has a leader when the promise resolves. */
export async function startMixedCluster(
  versions: readonly string[],
  options: Omit<EtcdOptions, "version"> = {},
): Promise<EtcdCluster> {
  const members = await startMembers(versions, options);
  return {
    members,
    endpoints: members.map((member) => member.endpoint),
    async stop() {
      await Promise.all(members.map((member) => member.stop()));
    },
  };
}

function versionOf({ version }: EtcdOptions): string {
  return version ?? process.env["ETCD_TEST_VERSION"] ?? DEFAULT_VERSION;
}

async function startMembers(versions: readonly string[], options: EtcdOptions): Promise<EtcdServer[]> {
  const binaries: EtcdBinary[] = [];
  for (const version of versions) binaries.push(await obtainEtcd({ version }));
  for (let attemptsLeft = 5; ; attemptsLeft--) {
    const members = await layOut(binaries, options);
    const starts = await Promise.allSettled(members.map((member) => member.restart()));
    const failure = starts.find((start) => start.status === "rejected");
    if (failure === undefined) return members;
    await Promise.all(members.map((member) => member.stop()));
    const isPortTaken = String(failure.reason).includes("address already in use");
    if (!isPortTaken || attemptsLeft === 1) throw failure.reason;
  }
}

async function layOut(binaries: readonly EtcdBinary[], options: EtcdOptions): Promise<Member[]> {
  const ports = await freePorts(binaries.length * 3);
  const places: Place[] = [];
  for (const i of binaries.keys()) {
    const [client = 0, peer = 0, metrics = 0] = ports.slice(i * 3, i * 3 + 3);
    places.push({ name: `m${i}`, client, peer, metrics, folder: await mkdtemp(join(await dataRoot(), "etcd-test-")) });
  }
  const cluster = places.map(({ name, peer }) => `${name}=http://127.0.0.1:${peer}`).join(",");
  return binaries.map((binary, i) => {
    const place = places[i];
    if (place === undefined) throw new Error("a member has no place");
    return new Member(binary, place, [...placeArgs(place, cluster), ...optionArgs(binary, options)], options);
  });
}

interface Place {
  readonly name: string;
  readonly folder: string;
  readonly client: number;
  readonly peer: number;
  readonly metrics: number;
}

function placeArgs({ name, folder, peer, metrics }: Place, cluster: string): string[] {
  return [
    `--name=${name}`,
    `--data-dir=${join(folder, "data")}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
    `--initial-cluster=${cluster}`,
    `--listen-metrics-urls=http://127.0.0.1:${metrics}`,
  ];
}

function optionArgs(binary: EtcdBinary, { args = [], tls }: EtcdOptions): string[] {
  const all: string[] = ["--logger=zap"];
  // Test data does not need to survive a power failure.
  if (!binary.version.startsWith("3.4.")) all.push("--unsafe-no-fsync");
  if (tls !== undefined) {
    const { ca, server } = tls.certificates;
    all.push(`--cert-file=${server.cert}`, `--key-file=${server.key}`, `--trusted-ca-file=${ca.cert}`);
    if (tls.clientAuth === true) all.push("--client-cert-auth");
  }
  return [...all, ...args];
}

/**
 * The folder for data: in memory if the system offers a file system there, otherwise the folder for temporary files.
 */
async function dataRoot(): Promise<string> {
  return access("/dev/shm", constants.W_OK).then(
    () => "/dev/shm",
    () => tmpdir(),
  );
}

class Member implements EtcdServer {
  readonly endpoint: string;
  readonly url: string;
  readonly version: string;
  readonly #binary: EtcdBinary;
  readonly #place: Place;
  readonly #args: readonly string[];
  #process: EtcdProcess | undefined;

  constructor(binary: EtcdBinary, place: Place, args: readonly string[], { tls }: EtcdOptions) {
    this.endpoint = `127.0.0.1:${place.client}`;
    this.url = `${tls === undefined ? "http" : "https"}://${this.endpoint}`;
    this.version = binary.version;
    this.#binary = binary;
    this.#place = place;
    this.#args = [`--listen-client-urls=${this.url}`, `--advertise-client-urls=${this.url}`, ...args];
  }

  get pid(): number {
    if (this.#process === undefined) throw new Error("the etcd server was never started");
    return this.#process.pid;
  }

  get log(): string {
    return this.#process?.log ?? "";
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.#process?.kill(signal);
  }

  async restart(): Promise<void> {
    await this.kill("SIGKILL");
    this.#process = await EtcdProcess.start({
      path: this.#binary.path,
      args: this.#args,
      folder: this.#place.folder,
      healthUrl: `http://127.0.0.1:${this.#place.metrics}/health`,
    });
  }

  async stop(): Promise<void> {
    await this.kill("SIGKILL");
    await rm(this.#place.folder, { recursive: true, force: true });
  }

  async metrics(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`http://127.0.0.1:${this.#place.metrics}/metrics`);
    return parseMetrics(await response.text());
  }
}
