import type { ChannelKind } from "../../../runtime/core/transport/transport-options.js";

/** The kinds of channel over which the tests of the transport and of faults run. */
export const CHANNELS: readonly ChannelKind[] = ["grpc-js", "lean"];

/** The channel of tests that run over one: grpc-js, unless the variable `TEST_CHANNEL` says `lean`. */
export const TEST_CHANNEL: ChannelKind = process.env["TEST_CHANNEL"] === "lean" ? "lean" : "grpc-js";
