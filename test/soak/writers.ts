import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { RawConnection, post as rawPost } from "../attacks/raw-connection.js";
import { at, base64 } from "../http/etcd-json.js";
import { post } from "../http/requests.js";
import type { Ledger } from "./ledger.js";
import type { Run } from "./run.js";

/** Puts, deletes and reads keys of its own, alone and in transactions. */
export async function write({ gateway, prefix, name, random, goesOn }: Run, ledger: Ledger): Promise<void> {
  const call = (path: string, body: object) => post(`${gateway.url}/v3/kv/${path}`, body);
  const put = (key: string) => ({ key: base64(key), value: base64("1") });
  const present: string[] = [];
  for (let i = 0; goesOn(); i++) {
    const key = `${prefix}${name}/${i}`;
    const old = present[random.below(Math.max(present.length, 1))];
    const way = random.below(8);
    if (way === 0 && old !== undefined) {
      const { status } = await call("deleterange", { key: base64(old) });
      ledger.note(status, `DELETE ${old}`);
      present.splice(present.indexOf(old), 1);
    } else if (way === 1 && old !== undefined) {
      const { status, json } = await call("range", { key: base64(old) });
      if (status === 200) assert.equal(at(json, "count"), "1", `${old} is there`);
    } else if (way < 4) {
      const absent = { target: "CREATE", key: base64(key), create_revision: 0 };
      const success = [{ request_put: put(key) }, { request_put: put(`${key}/second`) }];
      const { status, json } = await call("txn", { compare: [absent], success });
      ledger.note(status, `PUT ${key}`, `PUT ${key}/second`);
      if (status === 200 && !Object(json).succeeded) ledger.doubled.push(`txn ${key}`);
    } else {
      const { status } = await call("put", put(key));
      ledger.note(status, `PUT ${key}`);
      if (status === 200) present.push(key);
    }
    await sleep(random.below(20));
  }
}

/** Writes and reads with pipelined requests, and checks that the responses come in their order. */
export async function pipeline({ gateway, prefix, name, random, goesOn }: Run, ledger: Ledger): Promise<void> {
  for (let i = 0; goesOn(); i++) {
    const keys = Array.from({ length: 1 + random.below(8) }, (_, j) => `${prefix}${name}/${i}/${j}`);
    const requests = keys.flatMap((key) => [
      rawPost("/v3/kv/put", JSON.stringify({ key: base64(key) })),
      rawPost("/v3/kv/range", JSON.stringify({ key: base64(key) })),
    ]);
    const connection = await new RawConnection(gateway.port).send(requests.join(""));
    await connection.answers(requests.length);
    for (const [j, key] of keys.entries()) {
      const [written, read] = connection.responses.slice(2 * j, 2 * j + 2);
      assert.ok(written !== undefined && read !== undefined);
      ledger.note(written.status, `PUT ${key}`);
      if (written.status !== 200 || read.status !== 200) continue;
      assert.equal(at(JSON.parse(read.body), "kvs", 0, "key"), base64(key), "the response to another request");
    }
    await connection.leave();
    await sleep(random.below(100));
  }
}
