import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { CommandProcess } from "../etcd/command/command-process.js";
import { ETCD_VERSIONS } from "../etcd-server/etcd-versions.js";
import { type EtcdServer, startEtcd } from "../etcd-server/server.js";
import { at } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import { npmPackage } from "./npm-package.js";

/*
 * The command-line client of antietcd, a package of npm's that stands in for etcd: JSON over HTTP, watches over WebSocket.
 * It reads the member `error` of errors, and writes its arguments in lower case.
 */

for (const version of ETCD_VERSIONS) {
  for (const form of ["base64", "text"] as const) {
    describe(`anticli with ${form} on etcd ${version}`, () => {
      let program: string;
      let etcd: EtcdServer;
      let command: CommandProcess;
      let url: string;
      before(async () => {
        program = join(await npmPackage("antietcd@1.3.1"), "anticli");
        etcd = await startEtcd({ version });
        const flags = ["--bytes", form, "--dialect", "v1", "--listen", "127.0.0.1:0"];
        command = new CommandProcess(["--endpoints", etcd.endpoint, ...flags]);
        url = await command.url();
        // It waits for a response for a second, which the first connection to etcd shall have no part in.
        assert.equal((await post(`${url}/v3/maintenance/status`)).status, 200);
      });
      after(async () => {
        await command.stop();
        await etcd.stop();
      });

      const flags = (endpoint: string): string[] => ["-e", endpoint, "--base64", form === "text" ? "0" : "1"];

      /** Runs it and gives what it prints. */
      async function anticli(args: readonly string[], input = ""): Promise<string> {
        const running = promisify(execFile)(program, [...flags(url), ...args], { timeout: 30_000 });
        running.child.stdin?.end(input);
        return (await running).stdout;
      }

      it("puts, gets and deletes keys, by transactions", async () => {
        assert.equal(await anticli(["put", "a/1", "grüße"]), "OK\n");
        assert.equal(await anticli(["put", "a/2"], "line 1\nline 2"), "OK\n");
        assert.equal(await anticli(["get", "a/1"]), "a/1\ngrüße\n");
        assert.equal(await anticli(["get", "-p", "a"]), "a/1\ngrüße\na/2\nline 1\nline 2\n");
        assert.equal(await anticli(["get", "-k", "a/1", "a/2"]), "a/1\na/2\n");
        assert.equal(await anticli(["del", "a/1"]), "1\n");
        assert.equal(await anticli(["del", "-p", "a"]), "1\n");
        assert.equal(await anticli(["get", "-p", "a"]), "");
      });

      it("loads what it has dumped", async () => {
        for (const i of [1, 2, 3]) await anticli(["put", `from/${i}`, `value ${i}`]);
        const dump = await anticli(["get", "-p", "from", "--json"]);
        assert.equal(at(JSON.parse(dump), "count"), "3");
        await anticli(["del", "-p", "from"]);
        assert.equal(await anticli(["load"], dump), "OK, loaded 3 values\n");
        assert.equal(await anticli(["get", "-p", "from", "-v"]), "value 1\nvalue 2\nvalue 3\n");
      });

      it("watches over WebSocket, several prefixes on one socket", async () => {
        // It adds /watch to the endpoint.
        const args = [...flags(`${url}/v3`), "watch", "-p", "w1", "w2"];
        const watching: ChildProcess = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
        assert.ok(watching.stdout !== null);
        const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
        const next = async (): Promise<unknown> => at(JSON.parse(String((await lines.next()).value)), "result");
        const created = [await next(), await next()];
        assert.deepEqual(
          created.map((answer) => [at(answer, "created"), at(answer, "watch_id")]),
          [
            [true, "1"],
            [true, "2"],
          ],
        );
        for (const key of ["w2/a", "w1/b"]) {
          await anticli(["put", key, "x"]);
          const answer = await next();
          assert.equal(at(answer, "watch_id"), key.slice(1, 2));
          assert.deepEqual([at(answer, "events", 0, "kv", "key"), at(answer, "events", 0, "kv", "value")], [key, "x"]);
        }
        watching.kill();
        await once(watching, "close");
      });

      it("tells the error of a request that is refused", async () => {
        const failed = await anticli(["get", ""]).catch((error: unknown) => error);
        assert.match(String(at(failed, "stderr")), /"error":"etcdserver: key is not provided","code":3/);
      });
    });
  }
}
