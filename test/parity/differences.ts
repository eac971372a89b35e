import { isDeepStrictEqual } from "node:util";
import type { Answer } from "./exchange.js";
import type { Family } from "./parity-case.js";
import type { Comparison } from "./replay.js";

/** A difference between etcd's gateway and ours that is meant. */
export interface Difference {
  /** What it is about. */
  readonly title: string;
  readonly families: readonly Family[];
  /** What etcd answers. */
  readonly etcd: string;
  /** What we answer. */
  readonly ours: string;
  /** Why. */
  readonly reason: string;
  /** Whether chance decides if it shows. */
  readonly byChance?: boolean;
  /** Whether it is this difference that the answers have, and nothing else. */
  covers(comparison: Comparison): boolean;
}

const DEADLINE = "context deadline exceeded";

const BOTH: readonly Family[] = ["v1", "v2"];

/** An error, in any of its forms. */
interface ErrorAnswer {
  readonly status: number;
  readonly code: unknown;
  readonly message: string;
  /** Whether it is an error of a stream, rather than a whole body. */
  readonly streamed: boolean;
}

function errorOf({ status, json, note }: Answer): ErrorAnswer | undefined {
  const body: unknown = Array.isArray(json) ? json[0] : json;
  if (note === "no answer" || typeof body !== "object" || body === null || status < 400) return undefined;
  const inner: unknown = Reflect.get(body, "error");
  const streamed = typeof inner === "object" && inner !== null;
  const error = streamed ? inner : body;
  const code: unknown = Reflect.get(error, "code") ?? Reflect.get(error, "grpc_code");
  return { status, code, message: String(Reflect.get(error, "message")), streamed };
}

/** Whether we refuse the request for its content, with a text of our own. */
function refused({ ours }: Comparison, text: RegExp): boolean {
  const error = errorOf(ours);
  return error?.status === 400 && error.code === 3 && !error.streamed && text.test(error.message);
}

/** Whether etcd answers well. */
function served({ etcd }: Comparison): boolean {
  return etcd.status === 200 && etcd.json !== undefined && errorOf(etcd) === undefined;
}

/** Whether it is the server behind etcd's gateway that refuses. */
function refusedByEtcd({ etcd }: Comparison): boolean {
  return errorOf(etcd)?.message.startsWith("etcdserver:") === true;
}

/** Whether etcd says nothing: no answer, or one without content. */
function silent({ etcd }: Comparison): boolean {
  return etcd.note === "no answer" || (etcd.status === 200 && Array.isArray(etcd.json) && etcd.json.length === 0);
}

/** Whether the answers are the same but for the status, and the header that goes with it. */
function sameButStatus({ etcd, ours }: Comparison, etcdStatus: number, ourStatus: number): boolean {
  return (
    etcd.status === etcdStatus && ours.status === ourStatus && isDeepStrictEqual({ ...etcd, status: ourStatus }, ours)
  );
}

/** Every difference that is meant. One that no case shows any more does not belong here. */
export const differences: readonly Difference[] = [
  {
    title: "text of a refusal",
    families: BOTH,
    etcd: "Go's words for what is wrong with the JSON or a header",
    ours: "the same status and code; the field's path, the byte and what was expected",
    reason:
      "Go's words differ from version to version, and in 3.6+ from build to build. etcd's own texts pass unchanged.",
    covers: ({ etcd, ours }) => {
      const [theirs, own] = [errorOf(etcd), errorOf(ours)];
      if (theirs === undefined || own === undefined) return false;
      const isOwnText = [theirs, own].every(({ message }) => !message.startsWith("etcdserver:"));
      return theirs.status === 400 && own.status === 400 && theirs.code === 3 && own.code === 3 && isOwnText;
    },
  },
  {
    title: "wrong method",
    families: ["v2"],
    etcd: "501, code 12",
    ours: "405 with `Allow`, code 12, the same text",
    reason:
      "The method is wrong, not the server; 405 is what HTTP has for it (RFC 9110, 15.5.6), and what etcd up to 3.5 says.",
    covers: (c) => sameButStatus(c, 501, 405),
  },
  {
    title: "`OPTIONS`",
    families: BOTH,
    etcd: "200 without content, on any path",
    ours: "405 or 404, unless CORS is configured",
    reason: "etcd opens its API to every web page by default. Here a browser gets in when it is let in.",
    covers: ({ step, etcd, ours }) =>
      step.method === "OPTIONS" &&
      etcd.status === 200 &&
      etcd.text === "" &&
      (ours.status === 405 || ours.status === 404),
  },
  {
    title: "paths that are not clean (`//`, `/./`, `/../`), and the bare prefix",
    families: BOTH,
    etcd: "301 to the clean path",
    ours: "404",
    reason:
      "A client that follows turns its POST into a GET, which fails. Nothing of a request is reflected into a header.",
    covers: ({ step, etcd, ours }) =>
      etcd.status === 301 && ours.status === 404 && /^\/v3$|\/\/|\/\.|%2e/i.test(step.path),
  },
  {
    title: "malformed percent-escapes in a path",
    families: BOTH,
    etcd: "400 as plain text; 404 where they spell no UTF-8",
    ours: "400 in the dialect's form",
    reason: "One answer for what is malformed.",
    covers: ({ step, etcd, ours }) =>
      /%(?![0-9a-f]{2})|%ff/i.test(step.path) && etcd.status >= 400 && ours.status === 400,
  },
  {
    title: "a path that ends with a colon",
    families: ["v1"],
    etcd: "served as if it had none",
    ours: "404",
    reason: "It is no route of the API; etcd 3.6 and later say the same.",
    covers: (c) => c.step.path.endsWith(":") && served(c) && c.ours.status === 404,
  },
  {
    title: "`Content-Encoding`",
    families: BOTH,
    etcd: "ignored: compressed bytes are taken for JSON",
    ours: "415",
    reason:
      "It says what is wrong. What is compressed cannot be JSON, and is not inflated, so that nobody can send a bomb.",
    covers: (c) => "Content-Encoding" in c.headers && served(c) && c.ours.status === 415,
  },
  {
    title: "`X-HTTP-Method-Override` of a form",
    families: BOTH,
    etcd: "changes the method; with POST, the body is lost",
    ours: "ignored",
    reason:
      "No client of etcd's needs it, and it makes one request look like another to what stands before the gateway.",
    covers: (c) => "X-HTTP-Method-Override" in c.headers && c.etcd.status >= 400 && c.ours.status === 200,
  },
  {
    title: "`Grpc-Metadata-` without a name",
    families: BOTH,
    etcd: "500",
    ours: "ignored",
    reason: "A header that says nothing is no fault of the server's.",
    covers: (c) => "Grpc-Metadata-" in c.headers && c.etcd.status === 500 && c.ours.status === 200,
  },
  {
    title: "`Bearer ` before a token",
    families: BOTH,
    etcd: "401 before 3.5.32 and 3.6.13",
    ours: "accepted",
    reason: "Clients and their libraries write it, and newer versions of etcd take it.",
    covers: (c) => {
      const error = errorOf(c.etcd);
      return /^bearer /i.test(c.headers["Authorization"] ?? "") && error?.code === 16 && c.ours.status === 200;
    },
  },
  {
    title: "lone surrogates and invalid UTF-8",
    families: ["v1"],
    etcd: "replaced by U+FFFD",
    ours: "400",
    reason: "A name or a password would silently become another; etcd 3.6 and later refuse it too.",
    covers: (c) => (served(c) || refusedByEtcd(c)) && refused(c, /surrogate|UTF-8/),
  },
  {
    title: "data behind the JSON of a unary request",
    families: BOTH,
    etcd: "ignored",
    ours: "400, unless `lenientTrailing` is set",
    reason:
      "It is a second request that would be lost, or a sign that two readers disagree on where the first one ends.",
    covers: (c) => served(c) && refused(c, /expected the end of the text/),
  },
  {
    title: "objects and lists in each other",
    families: BOTH,
    etcd: "up to 10,000",
    ours: "up to 100",
    reason: "No message of etcd's is deeper than a few dozen, and depth is a cheap way to keep a server busy.",
    covers: (c) => served(c) && refused(c, /nested too deeply/),
  },
  {
    title: "unknown enum name",
    families: ["v2"],
    etcd: "taken for the default: `EXPLODE` becomes `GET`",
    ours: "400",
    reason: "A typing error must not do something else than was meant. etcd up to 3.5 refuses it too.",
    covers: (c) => (served(c) || refusedByEtcd(c)) && refused(c, /unknown enum value .* got "/),
  },
  {
    title: "unknown enum number",
    families: BOTH,
    etcd: "passed on to the server",
    ours: "400",
    reason: '`alarm` with `{"action":9}` ends every server from 3.4 to 3.7; others keep it from starting again.',
    covers: (c) => (served(c) || refusedByEtcd(c)) && refused(c, /unknown enum value .* got -?\d/),
  },
  {
    title: "line breaks in base64",
    families: ["v2"],
    etcd: "accepted if the length with them is a multiple of four",
    ours: "accepted",
    reason: "`base64` in a shell breaks lines; whether that works should not depend on the length.",
    covers: ({ step, etcd, ours }) =>
      /\\[nr]/.test(String(step.body)) &&
      !/at byte/.test(errorOf(ours)?.message ?? "") &&
      /invalid value for bytes/.test(errorOf(etcd)?.message ?? ""),
  },
  {
    title: "two members of a oneof",
    families: ["v1"],
    etcd: "one of them wins, by chance",
    ours: "400",
    reason: "A put may have been a delete. etcd 3.6 and later refuse it too.",
    covers: (c) => served(c) && refused(c, /second member of the oneof/),
  },
  {
    title: "`null` in a list",
    families: ["v1"],
    etcd: "taken for an empty element, or the connection breaks",
    ours: "400",
    reason: "There is no telling what is meant. etcd 3.6 and later refuse it too.",
    covers: (c) => (c.etcd.note === "connection lost" || refusedByEtcd(c)) && refused(c, /element other than null/),
  },
  {
    title: "a stream without a message",
    families: BOTH,
    etcd: "no answer to a watch, 200 without content to a keep-alive",
    ours: "400",
    reason: "A client that waits for nothing learns what is missing.",
    covers: (c) => silent(c) && refused(c, /the request body has no message/),
  },
  {
    title: "first message of a stream that cannot be read",
    families: BOTH,
    etcd: "3.1-3.5: 500, code 2; 3.6+: no answer to a watch, 200 without content to a keep-alive",
    ours: "400, code 3, at once",
    reason: "It is the client's mistake, and the client should hear of it.",
    covers: (c) => {
      const error = errorOf(c.etcd);
      return (silent(c) || (error?.status === 500 && error.code === 2)) && refused(c, / at byte \d/);
    },
  },
  {
    title: "later message of a stream that cannot be read",
    families: BOTH,
    etcd: "ignored, and nothing behind it is read",
    ours: "the stream ends with the error, or has its status if it has not begun",
    reason: "It is the client's mistake, and the client should hear of it.",
    covers: (c) => {
      const error = errorOf(c.ours);
      return served(c) && error?.code === 3 && error.streamed && / at byte \d/.test(error.message);
    },
  },
  {
    title: "the end of a watch",
    families: BOTH,
    etcd: "a stream whose only watch is cancelled stays open, in silence",
    ours: "it ends",
    reason: "Clients that wait for events of a refused or compacted watch wait for ever.",
    covers: ({ etcd, ours }) =>
      etcd.note === "stream goes on" &&
      ours.note === "stream ends" &&
      isDeepStrictEqual(etcd.json, ours.json) &&
      /"canceled":true[^{}]*\}\}\]$/.test(JSON.stringify(ours.json)),
  },
  {
    title: "routes that are younger than the server",
    families: ["v1"],
    etcd: "404: 3.4 has no `maintenance/hashkv`, `maintenance/downgrade` and `auth/status`",
    ours: "HashKV, which 3.4 has without a route, is served; of the others the server says that it has none (501)",
    reason: "The routes are those of the newest API, and the server knows best what it can do.",
    covers: ({ step, etcd, ours }) =>
      /\/(hashkv|downgrade|auth\/status)$/.test(step.path) &&
      etcd.status === 404 &&
      (errorOf(ours)?.code === 12 || step.path.endsWith("/hashkv")),
  },
  {
    title: "the client's deadline",
    families: BOTH,
    etcd: "504; or 500, code 2, where the server's clock was faster than that of its gateway",
    ours: "504",
    reason: "It is the same event.",
    byChance: true,
    covers: ({ etcd, ours }) => {
      const [theirs, own] = [errorOf(etcd), errorOf(ours)];
      return theirs?.code === 2 && own?.code === 4 && theirs.message === own.message && own.message === DEADLINE;
    },
  },
  {
    title: "code 9 in Debian's etcd 3.4",
    families: ["v1"],
    etcd: "412, from a library that is older than that of etcd's own builds",
    ours: "400, as etcd's own builds of 3.4 and 3.5",
    reason: "The dialect is that of etcd's releases. 3.1 to 3.3 said 412, too.",
    covers: (c) => sameButStatus(c, 412, 400) && errorOf(c.ours)?.code === 9,
  },
];
