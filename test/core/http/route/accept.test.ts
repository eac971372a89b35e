import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { preferredType } from "../../../../runtime/core/http/route/accept.js";
import { requestedFraming } from "../../../../runtime/core/http/route/requested-framing.js";
import { cpuTime } from "../../cpu-time.js";

const OFFERS = ["application/json", "application/x-ndjson", "text/event-stream"] as const;

const CASES: readonly (readonly [accept: string, type: (typeof OFFERS)[number] | undefined])[] = [
  ["application/json", "application/json"],
  ["text/event-stream", "text/event-stream"],
  ["Text/Event-Stream", "text/event-stream"],
  ["application/x-ndjson", "application/x-ndjson"],
  ["*/*", "application/json"],
  ["application/*", "application/json"],
  ["text/*", "text/event-stream"],
  ["text/event-stream, */*", "text/event-stream"],
  ["*/*, text/event-stream", "text/event-stream"],
  ["application/json, text/event-stream", "application/json"],
  ["text/event-stream, application/json", "text/event-stream"],
  ["text/event-stream;q=0.5, application/json;q=0.4", "text/event-stream"],
  ["text/event-stream ; q=0.5 , */* ; Q=0.9", "application/json"],
  ["text/event-stream;q=0.123,application/x-ndjson;q=0.124", "application/x-ndjson"],
  ["application/json;q=0, application/*", "application/x-ndjson"],
  ["text/event-stream;q=0, */*", "application/json"],
  ["text/event-stream; charset=utf-8; bytes=text", "text/event-stream"],
  ["application/x-ndjson; refusals=status;q=1.000", "application/x-ndjson"],
  ["text/event-stream;q=0", undefined],
  ["text/event-stream;q=2", undefined],
  ["text/event-stream;q=", undefined],
  ["text/event-stream;q=-1", undefined],
  ["text/event-stream;q=0.1234", undefined],
  ["text/event-streams", undefined],
  ["x-text/event-stream", undefined],
  ["text/html", undefined],
  ["", undefined],
  [",;q=,,", undefined],
];

for (const [accept, type] of CASES) {
  test(`Accept: ${accept || "(empty)"} prefers ${type ?? "none"}`, () => {
    assert.equal(preferredType(accept, OFFERS), type);
  });
}

test("a framing has to be named to be had", () => {
  for (const [accept, type] of CASES) {
    const isNamed = type !== undefined && accept.toLowerCase().includes(type);
    assert.equal(requestedFraming(accept).contentType, isNamed ? type : "application/json", accept);
  }
});

test("a client that says nothing gets result lines", () => {
  assert.equal(requestedFraming(undefined).contentType, "application/json");
});

test("the highest quality wins, whatever the order", () => {
  const quality = fc.integer({ min: 1, max: 1000 });
  fc.assert(
    fc.property(fc.uniqueArray(quality, { minLength: 3, maxLength: 3 }), fc.boolean(), (qualities, turned) => {
      const ranges = OFFERS.map((type, i) => `${type};q=${(qualities[i] ?? 0) / 1000}`);
      const best = qualities.indexOf(Math.max(...qualities));
      assert.equal(preferredType((turned ? ranges.reverse() : ranges).join(", "), OFFERS), OFFERS[best]);
    }),
  );
});

test("any header is read, in little time", () => {
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (accept) => void requestedFraming(`${accept}x-ndjson`)));
  for (const piece of ["text/event-stream,", ";q=", '";\\"', ", ,", "q q"]) {
    const taken = cpuTime(() => void requestedFraming(piece.repeat(500_000 / piece.length)));
    assert.ok(taken < 5_000, `${piece}: ${taken} ms`);
  }
});
