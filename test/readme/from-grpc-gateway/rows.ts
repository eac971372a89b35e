import type { TestContext } from "node:test";

/** Tests of the rows in docs/from-grpc-gateway.md, by first cell, in order. */
export type Rows = Readonly<Record<string, (t: TestContext) => Promise<void>>>;
