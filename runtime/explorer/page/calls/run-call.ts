import type { Operation } from "../api/description.js";
import type { App } from "../app/app-context.js";
import { callJson, createChannel, etcdChannel, streamJson } from "../app/etcd-client.js";
import { session } from "../app/session.js";
import type { WireRequest } from "./request.js";

/** Makes a call, and gives the JSON text of each message that it answers with: one, unless it is a stream. */
export async function* runCall(
  { config: { baseUrl }, exposure }: App,
  operation: Operation,
  { method, path, body }: WireRequest,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const options = { baseUrl: baseUrl.href, token: () => session.peek()?.token, retries: 0 };
  // etcd's older versions take a token bare; other APIs take it behind `Bearer`.
  const channel = exposure.has("KV_Range") ? etcdChannel(options) : createChannel(options);
  const request = { method, path, rpc: `${operation.group}.${operation.name}`, ...(body !== undefined && { body }) };
  // Somebody looks at it, and can stop it: some calls wait for as long as it takes.
  const patient = { signal, timeout: 0 };
  if (operation.isStream) yield* streamJson(channel, request, patient);
  else yield await callJson(channel, request, patient);
}
