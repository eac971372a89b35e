import { b64, type Case, call, cases, type StepOptions, streamToEnd } from "../parity-case.js";

const range = (path: string, options: StepOptions = {}) => call(path, { key: b64("h") }, options);
const header = (name: string, value: string) => range("kv/range", { headers: { [name]: value } });

/** Methods, paths and headers. */
export const http: readonly Case[] = [
  ...cases("method", {
    ...Object.fromEntries(
      ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"].flatMap((method) => [
        [`${method} of a route`, call("kv/range", "", { method })],
        [`${method} of an unknown path`, call("kv/none", "", { method })],
      ]),
    ),
    "GET with a body": range("kv/range", { method: "GET", headers: { "Content-Length": "14" } }),
    "GET of a stream": call("watch", "", { method: "GET" }),
  }),
  ...cases("path", {
    ...Object.fromEntries(
      [
        "/v3/kv/none",
        "/v3/none",
        "/v3/",
        "/v3",
        "/v3/kv/range/",
        "/v3/kv/Range",
        "/v3/kv/range;x",
        "/v3/kv/range%20",
        "/v3/kv/r%61nge",
        "/v3/kv%2Frange",
        "/v3/kv%2frange",
        "/v3%2Fkv/range",
        "/v3/kv/range%00",
        "/v3/kv/range%2",
        "/v3/kv/range%zz",
        "/v3/kv/range%ff",
        "/v3//kv/range",
        "/v3/./kv/range",
        "/v3/kv/../kv/range",
        "/v3/kv/%2e%2e/kv/range",
        "/v3/kv/range:",
        "/v3/kv/range:verb",
        "/v3/kv/range%3A",
        "/v3/kv/range%3averb",
        "/v3/kv/range%3F",
        "/v3/kv/range%23x",
        "/v3/kv/range#x",
        "/v3/kv/range?",
        "/v3/kv/range?key=eA==&limit=5",
        "/v3/kv/range?x=%zz",
        "/v3/kv/range?a[b]=c",
        "/v3/kv/rangestream",
        "/v3/lease/kv/revoke",
        "/v3beta/kv/range",
        "/v3beta/none",
        "/v3beta",
        "/v3beta/",
        "/v3x/kv/range",
        "/V3/kv/range",
        "/v2/keys",
        "/none",
        "/",
        "/v3beta/kv/r%61nge",
        "/v3/constructor",
        "/v3/__proto__",
        "/v3/kv/toString",
        `/v3/${"x".repeat(3000)}`,
      ].map((path) => [path.slice(0, 60), range(path)]),
    ),
  }),
  ...cases("header", {
    ...Object.fromEntries(
      [
        "application/json",
        "text/plain",
        "application/xml",
        "application/grpc",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "bogus",
        "application/json; charset=utf-16",
      ].map((type) => [`Content-Type: ${type}`, header("Content-Type", type)]),
    ),
    ...Object.fromEntries(
      ["text/html", "application/xml", "*/*", "application/grpc", "bogus", "application/json;q=0"].map((type) => [
        `Accept: ${type}`,
        header("Accept", type),
      ]),
    ),
    "Accept-Encoding": header("Accept-Encoding", "gzip, br"),
    "Content-Encoding": header("Content-Encoding", "gzip"),
    "Content-Encoding: identity": header("Content-Encoding", "identity"),
    "X-HTTP-Method-Override": header("X-HTTP-Method-Override", "GET"),
    "X-HTTP-Method-Override of a form": range("kv/range", {
      headers: { "X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded" },
    }),
    "X-HTTP-Method-Override of a form, to POST": range("kv/range", {
      headers: { "X-HTTP-Method-Override": "POST", "Content-Type": "application/x-www-form-urlencoded" },
    }),
    "Expect: 100-continue": header("Expect", "100-continue"),
    ...Object.fromEntries(
      [
        "30S",
        "+30S",
        "99999999H",
        "9223372036854775807n",
        "9223372036854775808n",
        "-1n",
        "30000m",
        "30000000u",
        "1H",
        "1M",
        "30000000000n",
        "123456789S",
        "0S",
        "-1S",
      ].map((time) => [`Grpc-Timeout: ${time}`, header("Grpc-Timeout", time)]),
    ),
    ...Object.fromEntries(
      ["1", "S", "1s", "1x", "abc", "1.5S", "1n"].map((time) => [
        `Grpc-Timeout: ${time}`,
        header("Grpc-Timeout", time),
      ]),
    ),
    "Grpc-Metadata": header("Grpc-Metadata-Something", "value"),
    "Grpc-Metadata with a binary value": header("Grpc-Metadata-Something-Bin", "AAEC"),
    ...Object.fromEntries(
      ["AA", "AA=", "-_-_", "+/+/", "", "AAEC,AAEC", "AAEC, AAEC"].map((value) => [
        `Grpc-Metadata with the binary value ${value}`,
        header("Grpc-Metadata-Something-Bin", value),
      ]),
    ),
    "Grpc-Metadata with a bad binary value": header("Grpc-Metadata-Something-Bin", "***"),
    "Grpc-Metadata without a name": header("Grpc-Metadata-", "value"),
    "Grpc-Metadata of a reserved name": header("Grpc-Metadata-Grpc-Timeout", "1n"),
    "Grpc-Metadata that is no ASCII": header("Grpc-Metadata-Something", "ü"),
    "Grpc-Metadata-Hasleader": header("Grpc-Metadata-Hasleader", "true"),
    "Authorization that is no ASCII": header("Authorization", "ü"),
    "Origin of a foreign page": header("Origin", "http://page.example"),
    "Host that is foreign": header("Host", "page.example"),
    "Host of loopback": header("Host", "localhost"),
    "TE: trailers": header("TE", "trailers"),
    "20 KiB": header("X-Large", "x".repeat(20 * 1024)),
    Cookie: header("Cookie", "a=b"),
    "Connection: close": header("Connection", "close"),
    "Transfer-Encoding: chunked": header("Transfer-Encoding", "chunked"),
  }),
  ...cases("a stream with the header", {
    ...Object.fromEntries(
      ["-1S", "1n", "100m", "0S", "bad"].map((time) => [
        `Grpc-Timeout: ${time}`,
        streamToEnd("election/observe", { name: b64("nobody") }, 1, {
          headers: { "Grpc-Timeout": time },
          mayHang: true,
        }),
      ]),
    ),
    ...Object.fromEntries(
      ["-1S", "1n"].map((time) => [
        `Grpc-Timeout: ${time}, kept alive`,
        streamToEnd("lease/keepalive", { ID: 404 }, 1, { headers: { "Grpc-Timeout": time } }),
      ]),
    ),
    "Grpc-Metadata with a bad binary value": streamToEnd("lease/keepalive", { ID: 404 }, 1, {
      headers: { "Grpc-Metadata-Something-Bin": "***" },
    }),
    Authorization: streamToEnd("maintenance/snapshot", {}, 1, { headers: { Authorization: "x" } }),
  }),
];
