import type { ChannelKind } from "../../../runtime/core/transport/transport-options.js";

/** The kinds of channel that the tests of the transport and of faults use. */
export { CHANNELS } from "../../../runtime/core/transport/transport-options.js";

/** The channel of tests that use only one: grpc-js, or `lean` if the variable `TEST_CHANNEL` is `lean`. */
export const TEST_CHANNEL: ChannelKind = process.env["TEST_CHANNEL"] === "lean" ? "lean" : "grpc-js";
