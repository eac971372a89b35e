import { GatewayError } from "@etcd-gateway/runtime";
import { textResponse, type WholeResponse } from "../whole-response.js";
import { alarmsOf, type MemberState, minorVersionOf, type VitalSigns } from "./vital-signs.js";

/**
 * Responds to `/health` like the version of etcd that the gateway connects to: with 503 if an alarm is active, if there
 * is no leader, or if a read fails. `?serializable=true` does not require a leader, and `?exclude=NOSPACE` ignores an
 * alarm.
 */
export async function health(signs: VitalSigns, query: URLSearchParams): Promise<WholeResponse> {
  const serializable = query.get("serializable") === "true";
  const [status, failure] = await Promise.all([
    // A failure here is ignored. If etcd cannot be reached, the read fails, too.
    signs.status().catch(() => undefined),
    failureOf(serializable ? signs.serializableRead : signs.linearizableRead),
  ]);
  const excluded = new Set(query.getAll("exclude"));
  const reason = (status && complaintOf(status, excluded, serializable)) ?? failure ?? "";
  // etcd reports the reason since 3.5.
  const isTerse = status !== undefined && minorVersionOf(status) < 5;
  const health = reason === "" ? "true" : "false";
  const text = JSON.stringify(isTerse ? { health } : { health, reason });
  return reason === "" ? textResponse(200, text) : textResponse(503, `${text}\n`);
}

function complaintOf(status: MemberState, excluded: ReadonlySet<string>, serializable: boolean): string | undefined {
  const alarm = alarmsOf(status).find((name) => !excluded.has(name));
  if (alarm !== undefined) return `ALARM ${alarm}`;
  return status.leader === 0n && !serializable ? "RAFT NO LEADER" : undefined;
}

async function failureOf(read: () => Promise<void>): Promise<string | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    return `RANGE ERROR:${GatewayError.from(error).message}`;
  }
}
