import { CALL_TIMEOUTS } from "../call/call-timeouts.js";
import type { Checked, OptionTable } from "../options/option.js";
import { bytes, count, milliseconds } from "../options/option-kinds.js";
import type { GatewayLimits, GatewayTimeouts } from "./gateway-options.js";

const MIB = 1024 * 1024;

/** The options of `limits`. */
export const GATEWAY_LIMITS: OptionTable<Checked<GatewayLimits>> = {
  maxBody: bytes({
    text: "the largest request body, and the largest message in a request stream. Larger ones get 413. By default, etcd reads gRPC messages of up to 2 MiB, and accepts requests of up to 1.5 MiB; the default is enough for both in base64",
    from: 1,
  }).or(3 * MIB),
  maxInFlight: count({
    text: "how many unary requests may be in progress at once. Excess requests get 503 with `Retry-After`. If 128 requests or more have kept the event loop busy for half a second, further ones also get 503: see [overload](failures.md#overload)",
    from: 1,
  }).or(1_000),
  maxStreams: count({
    text: "how many streams, WebSockets and calls without a time limit (such as lock) may be open at once, all taken together. Excess requests get 503 with `Retry-After`",
    from: 1,
  }).or(10_000),
  streamBuffer: bytes({
    text: "how much data, beyond the current message, may still arrive for a client that has stopped reading its stream. If more arrives, the stream ends with an error. This happens only if the server ignores flow control",
  }).or(4 * MIB),
  maxIncomplete: bytes({
    text: "how much data of incomplete requests the gateway holds, for all clients together: bodies, and messages of request streams, that have not arrived in full, and messages that wait because the server does not accept them. Above the limit, the request that began first gets 503 with `Retry-After`. Requests of which up to 64 KiB are in memory are not counted. A single request may exceed the limit",
    from: 1,
  }).or(256 * MIB),
  maxUnread: bytes({
    text: "how much response data the gateway holds, for all clients together: data that clients have not read, and messages of 64 KiB and more that are arriving from the server. Above the limit, further such messages wait at the server, and the gateway disconnects the client that has read nothing for the longest time. While such messages wait, it does so from half of the limit. A single message may exceed the limit",
    from: 1,
  }).or(256 * MIB),
};

/** The options of `timeouts`. */
export const GATEWAY_TIMEOUTS: OptionTable<Checked<GatewayTimeouts>> = {
  ...CALL_TIMEOUTS,
  body: milliseconds({
    text: "how long the body of a unary request, or the first message of a stream, may take to arrive",
    from: 1,
  }).or(30_000),
  stall: milliseconds({
    text: "how long a client may read nothing, although data waits for it, before the gateway disconnects it; 0 for no limit. A client that reads slowly is not disconnected",
  }).or(30_000),
};
