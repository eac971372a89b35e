import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

test("a shortage of file descriptors at the first visit to the page costs that one only", async () => {
  const program = fileURLToPath(new URL("page-without-descriptors.ts", import.meta.url));
  const node = [process.execPath, "--conditions=@etcd-gateway/source", "--import", "tsx", program];
  const { stdout } = await promisify(execFile)("sh", ["-c", 'ulimit -n 256; exec "$@"', "sh", ...node]);
  assert.deepEqual(JSON.parse(stdout), [500, 200]);
});
