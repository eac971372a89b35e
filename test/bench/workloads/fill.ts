import type { EtcdServer } from "../../etcd-server/server.js";
import { base64, postJson } from "./post-json.js";

/** The number of writes per transaction. etcd allows 128. */
const OPERATIONS = 100;

/**
 * Writes keys with a common prefix and values of a size in bytes. Returns the JSON of a range request for all of them.
 */
export async function fill(etcd: EtcdServer, prefix: string, keys: number, size: number): Promise<string> {
  for (let first = 0; first < keys; first += OPERATIONS) {
    const success = Array.from({ length: Math.min(OPERATIONS, keys - first) }, (_, index) => {
      const name = `${prefix}/${String(first + index).padStart(6, "0")}`;
      return { request_put: { key: base64(name), value: base64(Buffer.alloc(size, `value of ${name} `)) } };
    });
    await postJson(`${etcd.url}/v3/kv/txn`, JSON.stringify({ success }));
  }
  return JSON.stringify({ key: base64(`${prefix}/`), range_end: base64(`${prefix}0`) });
}
