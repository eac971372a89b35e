import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SpanKind } from "@opentelemetry/api";
import { at } from "../../http/etcd-json.js";

const APP = fileURLToPath(new URL("instrumented-app.ts", import.meta.url));
const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const PARENT_ID = "b7ad6b7169203331";

test("under the instrumentations of HTTP and Express there is one trace, in which each span is there once", async () => {
  const args = ["--conditions=@etcd-gateway/source", "--import", "tsx", APP, `00-${TRACE_ID}-${PARENT_ID}-01`];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const told: unknown = JSON.parse(stdout);
  const spans = at(told, "spans");
  assert.ok(Array.isArray(spans));
  // From the client on, each below the one before.
  const chain: unknown[] = [];
  for (let parent: unknown = PARENT_ID; parent !== undefined; ) {
    const below: unknown[] = spans.filter((span) => at(span, "parent") === parent);
    assert.ok(below.length <= 1, stdout);
    const [span] = below;
    if (span !== undefined)
      chain.push({ name: at(span, "name"), kind: at(span, "kind"), traceId: at(span, "traceId") });
    parent = span === undefined ? undefined : at(span, "spanId");
  }
  const traceId = TRACE_ID;
  assert.deepEqual(chain, [
    { name: "POST /api", kind: SpanKind.SERVER, traceId },
    { name: "middleware - gateway", kind: SpanKind.INTERNAL, traceId },
    { name: "POST /v1/notes/get", kind: SpanKind.INTERNAL, traceId },
    { name: "test.Notes/Get", kind: SpanKind.CLIENT, traceId },
  ]);
  assert.equal(spans.length, chain.length);
  const last = spans.find((span) => at(span, "kind") === SpanKind.CLIENT);
  assert.deepEqual(at(told, "sent"), [["traceparent", `00-${TRACE_ID}-${at(last, "spanId")}-01`]]);
});
