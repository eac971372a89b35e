/** The maximum nesting depth of messages and groups, which is protobuf's own limit. */
export const MAX_DEPTH = 100;
