import { readFileSync } from "node:fs";
import { type Api, type Operation, readApi } from "../../../../runtime/explorer/page/api/description.js";

const text = readFileSync(new URL("../../../../generated/openapi.json", import.meta.url), "utf8");

/** etcd's API, read from its description. */
export const etcdApi: Api = readApi(JSON.parse(text), new URL("http://127.0.0.1:8080/"));

/** Returns an operation of etcd's API by its id. */
export function operationOf(id: string): Operation {
  const found = etcdApi.operations.find((operation) => operation.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}
