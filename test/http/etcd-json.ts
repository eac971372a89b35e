import assert from "node:assert/strict";
import type { JsonResponse } from "./requests.js";

/**
 * Returns the members of a successful response except `header`, which must be etcd's.
 *
 * @throws AssertionError for an error
 */
export function result({ status, headers, json }: JsonResponse): unknown {
  assert.equal(status, 200, JSON.stringify(json));
  assert.match(headers["content-type"] ?? "", /^application\/json\b/);
  return withoutHeader(json);
}

/** Returns an etcd message without its `header`, whose values differ between servers. */
export function withoutHeader(message: unknown): unknown {
  const { header, ...rest } = asObject(message);
  for (const [name, value] of Object.entries(asObject(header))) {
    assert.ok(["cluster_id", "member_id", "revision", "raft_term"].includes(name), `header has ${name}`);
    assert.match(String(value), /^\d+$/, `header.${name}`);
  }
  return rest;
}

/** Asserts that a response is a specific error. */
export function assertError(answer: JsonResponse, status: number, code: number, message: string): void {
  assert.deepEqual({ status: answer.status, json: answer.json }, { status, json: { code, message } });
}

/** Returns the value at a path in JSON, for example `at(json, "kvs", 0, "lease")`. */
export function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => {
    assert.ok(
      typeof value === "object" && value !== null && key in value,
      `no ${path.join(".")} in ${JSON.stringify(json)}`,
    );
    return Reflect.get(value, key);
  }, json);
}

/** Returns the revision of the store from a response's header. */
export function revisionOf(json: unknown): number {
  return Number(at(json, "header", "revision"));
}

/** Encodes text or bytes as base64. */
export function base64(value: string | Uint8Array): string {
  return Buffer.from(value).toString("base64");
}

function asObject(value: unknown): Record<string, unknown> {
  assert.ok(
    typeof value === "object" && value !== null && !Array.isArray(value),
    `${JSON.stringify(value)} is no object`,
  );
  return { ...value };
}
