import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EtcdProcess } from "../../test/etcd-server/etcd-process.js";
import { freePorts } from "../../test/etcd-server/free-ports.js";
import { obtainEtcd } from "../../test/etcd-server/obtain/obtain.js";

/** An etcd server that this process has started. Its data is removed when it stops. */
export interface LocalEtcd {
  /** The address, as `127.0.0.1:PORT`. */
  readonly endpoint: string;
  /** The version, e.g. `3.4.23`. */
  readonly version: string;
  /** Resolves with the end of the server's log when the server has exited. */
  readonly ended: Promise<string>;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

/** Finds or obtains an etcd server and starts it. `log` receives a line for each step. */
export async function startLocalEtcd(log: (line: string) => void): Promise<LocalEtcd> {
  const binary = await obtainEtcd({ log });
  const folder = await mkdtemp(join(tmpdir(), "etcd-quickstart-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  for (let attemptsLeft = 5; ; attemptsLeft--) {
    const [client = 0, peer = 0, metrics = 0] = await freePorts(3);
    const args = [
      "--name=quickstart",
      `--data-dir=${join(folder, "data")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=quickstart=http://127.0.0.1:${peer}`,
      `--listen-metrics-urls=http://127.0.0.1:${metrics}`,
    ];
    try {
      const healthUrl = `http://127.0.0.1:${metrics}/health`;
      const server = await EtcdProcess.start({ path: binary.path, args, folder, healthUrl });
      return {
        endpoint: `127.0.0.1:${client}`,
        version: binary.version,
        ended: server.ended().then(() => server.log),
        async stop() {
          await server.kill("SIGTERM");
          await remove();
        },
      };
    } catch (error) {
      await rm(join(folder, "data"), { recursive: true, force: true });
      if (attemptsLeft > 1 && String(error).includes("address already in use")) continue;
      await remove();
      throw error;
    }
  }
}
