import type { TestContext } from "node:test";

/** What is tried for rows of docs/from-grpc-gateway.md, by the rows' first cells, in their order. */
export type Rows = Readonly<Record<string, (t: TestContext) => Promise<void>>>;
