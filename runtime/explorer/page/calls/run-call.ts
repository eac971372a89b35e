import type { Operation } from "../api/description.js";
import type { App } from "../app/app-context.js";
import {
  type BidiStream,
  type Channel,
  callJson,
  createChannel,
  etcdChannel,
  socketJson,
  streamJson,
} from "../app/bundled-client.js";
import { session } from "../app/user-session.js";
import type { WireRequest } from "./request/draft-request.js";

/** Makes a call over HTTP. Yields the JSON text of each response. If responses do not stream, there is exactly one. */
export async function* runCall(
  app: App,
  operation: Operation,
  { method, path, body }: WireRequest,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const channel = channelOf(app);
  const request = { method, path, rpc: nameOf(operation), ...(body !== undefined && { body }) };
  if (operation.isStream) yield* streamJson(channel, request, patient(signal));
  else yield await callJson(channel, request, patient(signal));
}

/** Opens a call over WebSocket. */
export function openCall(
  app: App,
  operation: Operation,
  { path }: WireRequest,
  signal: AbortSignal,
): BidiStream<string, string> {
  const request = { path, rpc: nameOf(operation), single: !operation.isStream };
  return socketJson(channelOf(app), request, patient(signal));
}

function channelOf({ config: { baseUrl }, exposure }: App): Channel {
  const options = { baseUrl: baseUrl.href, token: () => session.peek()?.token, retries: 0 };
  // Older versions of etcd expect the bare token. Other APIs expect it after `Bearer`.
  return exposure.has("KV_Range") ? etcdChannel(options) : createChannel(options);
}

function nameOf({ group, name }: Operation): string {
  return `${group}.${name}`;
}

/** Options without a time limit. The user sees the call and can stop it, and some calls wait for a long time. */
function patient(signal: AbortSignal): { readonly signal: AbortSignal; readonly timeout: number } {
  return { signal, timeout: 0 };
}
