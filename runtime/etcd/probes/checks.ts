import { GatewayError } from "@etcd-gateway/runtime";
import { textResponse, type WholeResponse } from "../whole-response.js";
import { alarmsOf, type VitalSigns } from "./vital-signs.js";

/** A check. It resolves if the check succeeds, and rejects with the problem otherwise. */
type Check = (signs: VitalSigns) => Promise<void>;

/** Checks by their names. */
export type Checks = ReadonlyMap<string, Check>;

const serializableRead: Check = (signs) => signs.serializableRead();
const linearizableRead: Check = (signs) => signs.linearizableRead();

async function dataCorruption(signs: VitalSigns): Promise<void> {
  const status = await signs.status().catch(() => undefined);
  if (status !== undefined && alarmsOf(status).includes("CORRUPT")) throw new Error("alarm activated: CORRUPT");
}

/** The checks of `/livez`, which succeed if etcd is alive. */
export const LIVENESS: Checks = new Map([["serializable_read", serializableRead]]);

/** The checks of `/readyz`, which succeed if etcd can serve requests. */
export const READINESS: Checks = new Map([
  ["data_corruption", dataCorruption],
  ["serializable_read", serializableRead],
  ["linearizable_read", linearizableRead],
]);

/**
 * Responds to `/livez` and `/readyz` like etcd 3.5.11 and later: with `ok`, or with 503 and the result of each check.
 * `?exclude=NAME` skips a check, and `?verbose` adds the results to a successful response.
 */
export async function runChecks(checks: Checks, signs: VitalSigns, query: URLSearchParams): Promise<WholeResponse> {
  const excluded = new Set(query.getAll("exclude"));
  const names = [...checks].filter(([name]) => !excluded.has(name));
  const findings = await Promise.all(names.map(([name, check]) => finding(name, check, signs)));
  const report = findings.map(({ line }) => `${line}\n`).join("");
  if (findings.some(({ ok }) => !ok)) return textResponse(503, `${report}\n`);
  return textResponse(200, query.has("verbose") ? `${report}ok\n` : "ok\n");
}

async function finding(name: string, check: Check, signs: VitalSigns): Promise<{ ok: boolean; line: string }> {
  try {
    await check(signs);
    return { ok: true, line: `[+]${name} ok` };
  } catch (error) {
    const reason = error instanceof GatewayError || error instanceof Error ? error.message : String(error);
    return { ok: false, line: `[-]${name} failed: ${reason}` };
  }
}
