// The program under test: it responds to the runner of protobuf's conformance suite with the codecs generated for the
// suite's messages. Usage: testee.ts CODECS COUNTS
// CODECS is the folder of the generated modules; to the file COUNTS goes what was responded to and what was skipped.
import type { MessageCodec } from "../../runtime/core/json/codec.js";
import { JsonError } from "../../runtime/core/json/read/json-error.js";
import { jsonToWire } from "../../runtime/core/json/read/json-to-wire.js";
import { WireError } from "../../runtime/core/json/wire/wire-error.js";
import { wireToJson } from "../../runtime/core/json/write/wire-to-json.js";
import { loadCodecs } from "./codecs.js";
import { isRun } from "./direction.js";
import { type ConformanceRequest, type ConformanceResponse, readRequest, writeResponse } from "./envelope.js";
import { LengthPrefixed } from "./length-prefixed.js";
import { emptyTally, recordCount } from "./tally.js";

const [folder, counts] = process.argv.slice(2);
if (folder === undefined || counts === undefined) throw new Error("usage: testee.ts CODECS COUNTS");

/** The type of the runner's first request, for the failures that are expected; it is no test. */
const failureSet = "conformance.FailureSet";

const codecs = await loadCodecs(folder);
const answered = emptyTally();
const skipped = emptyTally();
const runner = new LengthPrefixed(0, 1);
for (let message = runner.read(); message !== undefined; message = runner.read()) {
  const request = readRequest(message);
  const response = answer(request);
  if (request.messageType !== failureSet) {
    (response.result === "skipped" ? skipped : answered)[request.direction]++;
  }
  runner.write(writeResponse(response));
}
recordCount(counts, { answered, skipped });

function answer(request: ConformanceRequest): ConformanceResponse {
  const { messageType, direction } = request;
  if (messageType === failureSet) return { result: "wire", payload: new Uint8Array(0) };
  if (!isRun(direction)) return { result: "skipped", reason: `${direction} has no JSON transcoding in it` };
  const codec = codecs.get(messageType);
  if (codec === undefined) return { result: "runtime error", reason: `no codec of ${messageType} was generated` };
  try {
    return transcode(codec, request);
  } catch (error) {
    return { result: "runtime error", reason: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function transcode(codec: MessageCodec, request: ConformanceRequest): ConformanceResponse {
  let wire = request.payload;
  const unknown = request.ignoreUnknown ? "ignore" : "reject";
  if (request.direction !== "wire->json") {
    try {
      wire = jsonToWire(codec, request.payload, { unknownFields: unknown, unknownEnumNames: unknown, types: codecs });
    } catch (error) {
      if (error instanceof JsonError) return { result: "parse error", reason: error.message };
      throw error;
    }
  }
  if (request.direction === "json->wire") return { result: "wire", payload: wire };
  try {
    return { result: "json", payload: wireToJson(codec, wire, "", "", { types: codecs }) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { result: error.isSound ? "serialize error" : "parse error", reason: error.message };
  }
}
