import { execFile } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CommandProcess } from "../etcd/command/command-process.js";
import { ETCD_VERSIONS } from "../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { debianModules } from "./debian-modules.js";

/** A client, with the flags of the gateway and the scenarios to run. */
export interface PythonClient {
  readonly name: string;
  /** A program next to this file. `PROGRAM SCENARIO PORT` fails with a traceback if the scenario fails. */
  readonly program: string;
  /** The flags of the gateway. */
  readonly flags?: readonly string[];
  /** Descriptions of the scenarios, by name. */
  readonly scenarios: Readonly<Record<string, string>>;
}

/** Debian's Python, which its modules require. */
const PYTHON = "/usr/bin/python3";

/** Defines a test for each scenario on each version of etcd in Debian, with the stand-alone server. */
export function testPythonClient({ name, program, flags = [], scenarios }: PythonClient): void {
  const path = fileURLToPath(new URL(program, import.meta.url));
  for (const version of ETCD_VERSIONS) {
    describe(`${name} on etcd ${version}`, () => {
      let modules: string;
      let etcd: EtcdServer;
      let command: CommandProcess;
      let port: string;
      before(async () => {
        modules = await debianModules();
        etcd = await startEtcd({ version });
        command = new CommandProcess(["--endpoints", etcd.endpoint, "--listen", "127.0.0.1:0", ...flags]);
        port = new URL(await command.url()).port;
      });
      after(async () => {
        await command.stop();
        await etcd.stop();
      });
      for (const [scenario, what] of Object.entries(scenarios)) {
        it(what, async () => {
          const env = { PATH: process.env["PATH"], PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" };
          await promisify(execFile)(PYTHON, [path, scenario, port], { env, timeout: 60_000 });
        });
      }
    });
  }
}
