import { METHODS } from "node:http";
import { isDeepStrictEqual } from "node:util";
import { DIALECT_NAMES, type DialectName } from "../../runtime/etcd/options/dialect-names.js";
import type { Answer } from "./exchange.js";
import type { Comparison } from "./replay.js";

/** The groups of the list in docs/parity.md, in their order. */
export const GROUPS = ["Paths and methods", "Headers", "Browsers", "JSON", "Streams", "Calls"] as const;

/** A difference between etcd's gateway and ours that is meant. */
export interface Difference {
  /** The table of the list in which it is. */
  readonly group: (typeof GROUPS)[number];
  /** What it is about. */
  readonly title: string;
  readonly dialects: readonly DialectName[];
  /** What etcd responds. */
  readonly etcd: string;
  /** What we respond. */
  readonly ours: string;
  /** Why. */
  readonly reason: string;
  /** Whether chance decides if it shows. */
  readonly byChance?: boolean;
  /** Whether it is this difference that the responses have, and nothing else. */
  covers(comparison: Comparison): boolean;
}

const DEADLINE = "context deadline exceeded";

/** A member of one of the API's oneofs that is null. */
const NULL_IN_ONEOF =
  /"(request_\w+|request[A-Z]\w+|\w+_request|\w+Request|version|(create|mod)(_r|R)evision|value|lease)":\s*null/;

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
  if (note === "no response" || typeof body !== "object" || body === null || status < 400) return undefined;
  const inner: unknown = Reflect.get(body, "error");
  const streamed = typeof inner === "object" && inner !== null;
  const error = streamed ? inner : body;
  const code: unknown = Reflect.get(error, "code") ?? Reflect.get(error, "grpc_code");
  return { status, code, message: String(Reflect.get(error, "message")), streamed };
}

/** Whether we reject the request for its content, with a text of our own. */
function rejected({ ours }: Comparison, text: RegExp): boolean {
  const error = errorOf(ours);
  return error?.status === 400 && error.code === 3 && !error.streamed && text.test(error.message);
}

/** Whether etcd responds well. */
function served({ etcd }: Comparison): boolean {
  return etcd.status === 200 && etcd.json !== undefined && errorOf(etcd) === undefined;
}

/** Whether etcd's gateway lets the request through to the server behind it, whatever that says. */
function passed(c: Comparison): boolean {
  const error = errorOf(c.etcd);
  if (error === undefined) return served(c) && !silent(c);
  return error.status !== 400 || error.code !== 3 || error.message.startsWith("etcdserver:");
}

/** Whether the request is for an RPC that streams. */
function isStream({ step }: Comparison): boolean {
  return /\/(watch|keepalive|snapshot|observe)$/.test(step.path);
}

/** Whether etcd says nothing: no response, or one without content. */
function silent({ etcd }: Comparison): boolean {
  return etcd.note === "no response" || (etcd.status === 200 && Array.isArray(etcd.json) && etcd.json.length === 0);
}

/** Whether the responses are the same but for the status, and the header that goes with it. */
function sameButStatus({ etcd, ours }: Comparison, etcdStatus: number, ourStatus: number): boolean {
  return (
    etcd.status === etcdStatus && ours.status === ourStatus && isDeepStrictEqual({ ...etcd, status: ourStatus }, ours)
  );
}

/** Every difference that is meant. One that no case shows any more does not belong here. */
export const differences: readonly Difference[] = [
  {
    group: "JSON",
    title: "text of an error",
    dialects: DIALECT_NAMES,
    etcd: "Go's description of what is wrong with the JSON or a header",
    ours: "the same status and code; the path of the field, the byte position and what was expected",
    reason: "Go's texts differ between versions, and in 3.6+ between builds. etcd's own texts are unchanged.",
    covers: ({ etcd, ours }) => {
      const [theirs, own] = [errorOf(etcd), errorOf(ours)];
      if (theirs === undefined || own === undefined) return false;
      const isOwnText = [theirs, own].every(({ message }) => !message.startsWith("etcdserver:"));
      return theirs.status === 400 && own.status === 400 && theirs.code === 3 && own.code === 3 && isOwnText;
    },
  },
  {
    group: "Paths and methods",
    title: "wrong method",
    dialects: ["v2"],
    etcd: "501, code 12",
    ours: "405 with `Allow`, code 12, the same text",
    reason: "405 is HTTP's status for a wrong method (RFC 9110, 15.5.6), and that of etcd up to 3.5.",
    covers: (c) => sameButStatus(c, 501, 405),
  },
  {
    group: "Paths and methods",
    title: "`OPTIONS`",
    dialects: DIALECT_NAMES,
    etcd: "200 without content, on any path",
    ours: "405 or 404, unless CORS is configured",
    reason: "etcd opens its API to every web page by default. Here you decide which pages may call.",
    covers: ({ step, etcd, ours }) =>
      step.method === "OPTIONS" &&
      etcd.status === 200 &&
      etcd.text === "" &&
      (ours.status === 405 || ours.status === 404),
  },
  {
    group: "Paths and methods",
    title: "paths that are not clean (`//`, `/./`, `/../`)",
    dialects: DIALECT_NAMES,
    etcd: "307 to the clean path by the newest builds (3.6.14, 3.7.1), 301 by older ones",
    ours: "307 to the clean path",
    reason:
      "As the newest builds do. After 307, clients send the same request to the clean path, which succeeds. After 301 they send a GET, which fails.",
    covers: ({ step, etcd, ours }) => etcd.status === 301 && ours.status === 307 && /\/\/|\/\./.test(step.path),
  },
  {
    group: "Paths and methods",
    title: "dot segments in escapes (`/%2e%2e/`)",
    dialects: DIALECT_NAMES,
    etcd: "404 by the newest builds (3.6.14, 3.7.1), 301 by older ones",
    ours: "404",
    reason: "An escape is data, as in the newest builds.",
    covers: ({ step, etcd, ours }) => /%2e/i.test(step.path) && etcd.status === 301 && ours.status === 404,
  },
  {
    group: "Paths and methods",
    title: "the bare prefix `/v3`",
    dialects: DIALECT_NAMES,
    etcd: "307 or 301, as above, to `/v3/`, which is 404",
    ours: "404",
    reason: "The target of the redirect does not exist either.",
    covers: ({ step, etcd, ours }) => step.path === "/v3" && etcd.status === 301 && ours.status === 404,
  },
  {
    group: "Paths and methods",
    title: "`%2F` for the slash after the prefix",
    dialects: DIALECT_NAMES,
    etcd: "404 by the newest builds (3.6.14, 3.7.1), the route by older ones",
    ours: "404",
    reason:
      "As in the newest builds: a proxy's rule for `/v3/` would not match the request. Elsewhere `%2F` is a slash, as in etcd.",
    covers: ({ step, etcd, ours }) => /^\/[^/]*%2f/i.test(step.path) && etcd.status === 200 && ours.status === 404,
  },
  {
    group: "Paths and methods",
    title: "`/v3alpha`",
    dialects: DIALECT_NAMES,
    etcd: "404 since 3.4",
    ours: "the API",
    reason: "Clients of etcd 3.1 and 3.2 keep working.",
    covers: ({ step, etcd, ours }) => step.path.startsWith("/v3alpha/") && etcd.status === 404 && ours.status === 200,
  },
  {
    group: "Paths and methods",
    title: "`GET /metrics`",
    dialects: DIALECT_NAMES,
    etcd: "200, the server's metrics",
    ours: "the command: 200, the gateway's metrics; in an app: 404",
    reason:
      "Each server has its own metrics. A member of etcd has its metrics on its own address, or on that of `--listen-metrics-urls`.",
    covers: ({ step, etcd, ours }) => step.path === "/metrics" && etcd.status === 200 && ours.status === 200,
  },
  {
    group: "Paths and methods",
    title: "the bare prefix `/v3beta`",
    dialects: DIALECT_NAMES,
    etcd: "404, `404 page not found`",
    ours: "404, `Not Found`",
    reason: "The same form as for other unknown paths of the API.",
    covers: ({ step, etcd, ours }) => step.path === "/v3beta" && etcd.status === 404 && ours.status === 404,
  },
  {
    group: "Paths and methods",
    title: "malformed percent-escapes in a path",
    dialects: DIALECT_NAMES,
    etcd: "400 as plain text; 404 if the result is not UTF-8",
    ours: "400 in the dialect's form",
    reason: "All malformed paths get the same response.",
    covers: ({ step, etcd, ours }) =>
      /%(?![0-9a-f]{2})|%ff/i.test(step.path) && etcd.status >= 400 && ours.status === 400,
  },
  {
    group: "Paths and methods",
    title: "a path that ends with a colon",
    dialects: ["v1"],
    etcd: "the colon is ignored",
    ours: "404",
    reason: "It is not a route of the API. etcd 3.6 and later also respond 404.",
    covers: ({ step, etcd, ours }) => /(:|%3a)$/i.test(step.path) && etcd.status !== 404 && ours.status === 404,
  },
  {
    group: "Headers",
    title: "`Content-Encoding`",
    dialects: DIALECT_NAMES,
    etcd: "ignored: the compressed bytes are read as JSON",
    ours: "415",
    reason: "The status says what is wrong. The gateway does not decompress, so nobody can send a decompression bomb.",
    covers: (c) => "Content-Encoding" in c.headers && passed(c) && c.ours.status === 415,
  },
  {
    group: "Headers",
    title: "`X-HTTP-Method-Override` of a form",
    dialects: DIALECT_NAMES,
    etcd: "changes the method; with POST, the body is lost",
    ours: "ignored",
    reason: "No etcd client needs it, and it makes a request look like another one to a proxy before the gateway.",
    covers: (c) =>
      "X-HTTP-Method-Override" in c.headers &&
      c.headers["Content-Type"] === "application/x-www-form-urlencoded" &&
      c.ours.status !== 405,
  },
  {
    group: "Headers",
    title: "headers that gRPC cannot carry: `Grpc-Metadata-` without a name, a token that is not ASCII",
    dialects: DIALECT_NAMES,
    etcd: "500; 401 for such a token in 3.4",
    ours: "ignored; a missing token gives no rights",
    reason: "A header that cannot be sent is not an error of the server.",
    covers: (c) => {
      const { status, message = "" } = errorOf(c.etcd) ?? {};
      const isNoAscii = /[^ -~]/.test(c.headers["Authorization"] ?? "");
      const isRefused = status === 500 && /RST_STREAM|empty key|non-printable/.test(message);
      return c.ours.status !== 500 && (isRefused || (status === 401 && isNoAscii));
    },
  },
  {
    group: "Headers",
    title: "several values in one `Grpc-Metadata-...-Bin` header",
    dialects: DIALECT_NAMES,
    etcd: "400",
    ours: "accepted, as several headers are",
    reason: "Proxies may join headers of one name with a comma (RFC 9110, 5.3).",
    covers: (c) =>
      /, /.test(c.headers["Grpc-Metadata-Something-Bin"] ?? "") && c.etcd.status === 400 && c.ours.status === 200,
  },
  {
    group: "Headers",
    title: "a `Grpc-Timeout` of more than 292 years",
    dialects: DIALECT_NAMES,
    etcd: "504 at once: it does not fit in Go's durations",
    ours: "served",
    reason: "The deadline has not passed.",
    covers: (c) => "Grpc-Timeout" in c.headers && errorOf(c.etcd)?.code === 4 && errorOf(c.ours)?.code !== 4,
  },
  {
    group: "Paths and methods",
    title: "methods that are not in HTTP",
    dialects: DIALECT_NAMES,
    etcd: "3.6 and 3.7: 501, code 12; before: 405 or 404, as for other wrong methods",
    ours: "501 as JSON with code 12, and the connection ends",
    reason:
      "Node.js does not parse other methods. 501 is the status for unknown methods (RFC 9110, 15.6.2), also in etcd 3.6 and later.",
    covers: ({ step, etcd, ours }) => !METHODS.includes(step.method) && etcd.status >= 300 && ours.status === 501,
  },
  {
    group: "Browsers",
    title: "requests of web pages: a foreign `Origin`",
    dialects: DIALECT_NAMES,
    etcd: "served",
    ours: "403, unless `cors` lists it",
    reason: "Otherwise any page could write to an etcd that its visitor's browser can reach.",
    covers: (c) => "Origin" in c.headers && c.ours.status === 403,
  },
  {
    group: "Browsers",
    title: "a foreign `Host`, on the command's server while it listens on loopback",
    dialects: DIALECT_NAMES,
    etcd: "served, unless `--host-whitelist` is set",
    ours: "421, unless `--allowed-hosts` has it",
    reason: "The owner of a page can make its host name point to 127.0.0.1 (DNS rebinding).",
    covers: (c) => "Host" in c.headers && served(c) && c.ours.status === 421,
  },
  {
    group: "JSON",
    title: "large requests",
    dialects: DIALECT_NAMES,
    etcd: "read whole; refused with 429 if the message has more than 2 MiB",
    ours: "413 above 3 MiB of JSON (`limits.maxBody`), without reading the rest",
    reason:
      "The rest of a large request takes no memory. 3 MiB of JSON contain up to 2.25 MiB of values in base64, more than etcd's default limit (1.5 MiB). Raise `limits.maxBody` or `--max-body` if your etcd has a higher `--max-request-bytes`, or if you send values with many JSON escapes (`\\u0041`, control characters in text mode).",
    covers: (c) => c.step.body.length > 3 * 2 ** 20 && c.ours.status === 413 && errorOf(c.ours)?.code === 8,
  },
  {
    group: "Headers",
    title: "headers of more than 16 KiB, or 1,000 headers or more",
    dialects: DIALECT_NAMES,
    etcd: "served, up to 1 MiB",
    ours: "431",
    reason:
      "These are the limits of Node.js. Raise them with Node.js's option `--max-http-header-size`, and `maxHeadersCount` of the server.",
    covers: (c) => served(c) && c.ours.status === 431,
  },
  {
    group: "Headers",
    title: "`Bearer ` before a token",
    dialects: DIALECT_NAMES,
    etcd: "401 in 3.1 to 3.4, before 3.5.32, and in 3.6 before 3.6.13",
    ours: "accepted",
    reason: "Clients and libraries send it, and newer versions of etcd accept it.",
    covers: (c) => {
      const error = errorOf(c.etcd);
      return /^bearer /i.test(c.headers["Authorization"] ?? "") && error?.code === 16 && c.ours.status === 200;
    },
  },
  {
    group: "JSON",
    title: "lone surrogates and invalid UTF-8",
    dialects: ["v1"],
    etcd: "replaced by U+FFFD",
    ours: "400",
    reason:
      "Otherwise a name or password would become another one without an error. etcd 3.6 and later also refuse it.",
    covers: (c) => passed(c) && rejected(c, /surrogate|UTF-8/),
  },
  {
    group: "JSON",
    title: "data after the JSON of a unary request",
    dialects: DIALECT_NAMES,
    etcd: "ignored",
    ours: "400, unless `json.trailingData` allows it",
    reason:
      "The data is a second request that would be lost, or a sign that two parsers disagree on where the first request ends.",
    covers: (c) => passed(c) && rejected(c, /expected the end of the JSON/),
  },
  {
    group: "JSON",
    title: "nested objects and lists",
    dialects: DIALECT_NAMES,
    etcd: "up to 10,000",
    ours: "up to 100",
    reason: "etcd's messages have a few dozen levels at most, and deep nesting is an easy attack.",
    covers: (c) => passed(c) && rejected(c, /nested too deeply/),
  },
  {
    group: "JSON",
    title: "unknown enum name",
    dialects: ["v2"],
    etcd: "replaced by the default: `EXPLODE` becomes `GET`",
    ours: "400",
    reason: "A typing error must not change the meaning of a request. etcd up to 3.5 also refuses it.",
    covers: (c) => passed(c) && rejected(c, /unknown enum value .* got "/),
  },
  {
    group: "JSON",
    title: "unknown enum number",
    dialects: DIALECT_NAMES,
    etcd: "passed on to the server",
    ours: "400",
    reason:
      '`alarm` with `{"action":9}` crashes every server from 3.4 to 3.7; other numbers keep it from starting again.',
    covers: (c) => passed(c) && rejected(c, /unknown enum value .* got -?\d/),
  },
  {
    group: "JSON",
    title: "text after the number in a string",
    dialects: ["v2"],
    etcd: 'ignored: `"1,000"` is 1',
    ours: "400",
    reason:
      "Otherwise a limit, lease or revision would be another one without an error. etcd up to 3.5 also refuses it.",
    covers: (c) => passed(c) && rejected(c, /invalid number .* got "/),
  },
  {
    group: "JSON",
    title: "fields that are newer than the server",
    dialects: ["v1"],
    etcd: "ignored: 3.4 has no `linearizable` and no `hashedPassword`",
    ours: "400 if their type is not that of the newest API; otherwise passed on, and ignored by the server",
    reason: "The gateway uses the messages of the newest API.",
    covers: (c) => passed(c) && rejected(c, /^(linearizable|hashedPassword): /),
  },
  {
    group: "JSON",
    title: "line breaks in base64",
    dialects: ["v2"],
    etcd: "accepted if the length with them is a multiple of four",
    ours: "accepted",
    reason: "The command `base64` breaks lines. This should not depend on the length.",
    covers: ({ step, etcd, ours }) =>
      /\\[nr]/.test(String(step.body)) &&
      !/at byte/.test(errorOf(ours)?.message ?? "") &&
      /invalid value for bytes/.test(errorOf(etcd)?.message ?? ""),
  },
  {
    group: "JSON",
    title: "two fields of a oneof",
    dialects: ["v1"],
    etcd: "one of them wins, at random",
    ours: "400",
    reason: "A put could become a delete. etcd 3.6 and later also refuse it.",
    covers: (c) => passed(c) && rejected(c, /second member of the oneof/),
  },
  {
    group: "JSON",
    title: "`null` beside another field of a oneof",
    dialects: ["v1"],
    etcd: "one of them wins, at random",
    ours: "`null` means that the field is absent",
    reason: "The same as for other fields, and as in etcd 3.6 and later.",
    byChance: true,
    covers: (c) =>
      (passed(c) || silent(c)) &&
      !isDeepStrictEqual(c.etcd.json, c.ours.json) &&
      NULL_IN_ONEOF.test(String(c.step.body)),
  },
  {
    group: "JSON",
    title: "`null` in a list",
    dialects: ["v1"],
    etcd: "read as an empty element, or the connection breaks",
    ours: "400",
    reason: "Its meaning is unclear. etcd 3.6 and later also refuse it.",
    covers: (c) => (c.etcd.note === "connection lost" || passed(c)) && rejected(c, /element other than null/),
  },
  {
    group: "Streams",
    title: "a stream without a message",
    dialects: DIALECT_NAMES,
    etcd: "a watch gets no response, a keep-alive 200 without content",
    ours: "400",
    reason: "The client gets an error instead of waiting forever.",
    covers: (c) => silent(c) && rejected(c, /the request body has no message/),
  },
  {
    group: "Streams",
    title: "first message of a stream that cannot be read",
    dialects: DIALECT_NAMES,
    etcd: "3.1-3.5: 500, code 2; 3.6+: a watch gets no response, a keep-alive 200 without content",
    ours: "400, code 3, at once",
    reason: "The client gets an error for its mistake.",
    covers: (c) => {
      const error = errorOf(c.etcd);
      return isStream(c) && (silent(c) || (error?.status === 500 && error.code === 2)) && rejected(c, / at byte \d/);
    },
  },
  {
    group: "Streams",
    title: "later message of a stream that cannot be read",
    dialects: DIALECT_NAMES,
    etcd: "ignored, and the rest of the stream is not read",
    ours: "the stream ends with the error, or has its status if it has not started",
    reason: "The client gets an error for its mistake.",
    covers: (c) => {
      const error = errorOf(c.ours);
      return served(c) && error?.code === 3 && error.streamed && / at byte \d/.test(error.message);
    },
  },
  {
    group: "Streams",
    title: "the end of a watch",
    dialects: DIALECT_NAMES,
    etcd: "if the only watch of a stream is canceled, the stream stays open without a message",
    ours: "the stream ends",
    reason: "Otherwise clients of a refused or compacted watch wait forever.",
    covers: ({ etcd, ours }) =>
      etcd.note === "stream goes on" &&
      ours.note === "stream ends" &&
      isDeepStrictEqual(etcd.json, ours.json) &&
      /"canceled":true[^{}]*\}\}\]$/.test(JSON.stringify(ours.json)),
  },
  {
    group: "Streams",
    title: "observe, if etcd cannot read the election",
    dialects: DIALECT_NAMES,
    etcd: "200 without content: for example, without a required token, or if the cluster has no leader",
    ours: "503, code 14",
    reason: "A success would tell the client that there is no more to observe.",
    covers: (c) =>
      /\/observe$/.test(c.step.path) && silent(c) && c.etcd.note !== "no response" && errorOf(c.ours)?.code === 14,
  },
  {
    group: "Paths and methods",
    title: "routes that are newer than the server",
    dialects: ["v1"],
    etcd: "404: 3.4 has no `maintenance/hashkv`, `maintenance/downgrade` and `auth/status`",
    ours: "HashKV works (3.4 has the RPC, but no route). The server refuses the others with 501",
    reason: "The gateway has the routes of the newest API, and the server decides.",
    covers: ({ step, etcd, ours }) =>
      /\/(hashkv|downgrade|auth\/status)$/.test(step.path) &&
      etcd.status === 404 &&
      (ours.status === 405 || errorOf(ours)?.code === 12 || step.path.endsWith("/hashkv")),
  },
  {
    group: "Calls",
    title: "the client's deadline",
    dialects: DIALECT_NAMES,
    etcd: "504; or 500, code 2, if etcd notices the deadline before its gateway does",
    ours: "504",
    reason: "It is the same error for the client.",
    byChance: true,
    covers: ({ etcd, ours }) => {
      const [theirs, own] = [errorOf(etcd), errorOf(ours)];
      return theirs?.code === 2 && own?.code === 4 && theirs.message === own.message && own.message === DEADLINE;
    },
  },
  {
    group: "Streams",
    title: "the client's deadline, before a stream has begun",
    dialects: ["v1"],
    etcd: "504 with the error of a unary request, if the server had sent nothing at all",
    ours: "504 with the error of a stream",
    reason: "All streams end in the same form.",
    byChance: true,
    covers: ({ etcd, ours }) => {
      const [theirs, own] = [errorOf(etcd), errorOf(ours)];
      return theirs?.code === 4 && own?.code === 4 && theirs.status === own.status && !theirs.streamed && own.streamed;
    },
  },
  {
    group: "Calls",
    title: "a role granted no permission",
    dialects: ["v1"],
    etcd: "3.4.0 to 3.4.23 crash if the role exists; later versions refuse it",
    ours: "400, with the text of the later versions",
    reason: "A request must not crash a server.",
    covers: (c) => c.etcd.status === 412 && errorOf(c.ours)?.message === "etcdserver: permission not given",
  },
  {
    group: "Calls",
    title: "code 9 in Debian's etcd 3.4",
    dialects: ["v1"],
    etcd: "412, because its library is older than that of etcd's own builds",
    ours: "400, as in etcd's own builds of 3.4 and 3.5",
    reason: "The dialect is that of etcd's releases. 3.1 to 3.3 also responded 412.",
    covers: (c) => sameButStatus(c, 412, 400) && errorOf(c.ours)?.code === 9,
  },
];
