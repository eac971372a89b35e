import { b64, type Case, call, cases, from, stream, streamToEnd } from "../parity-case.js";

const grant = (ID: number | string, TTL: number | string = 600) => call("lease/grant", { ID, TTL });

const revoke = (ID: number) => call("lease/revoke", { ID });
const revokeOwn = call("lease/revoke", (seen) => ({ ID: from(seen, 0, "ID") }));

/** Leases. Those that etcd gives its least time are revoked at once: they would end under the cases that follow. */
export const lease: readonly Case[] = [
  ...cases("lease", {
    "granted, with an id of etcd's": call("lease/grant", { TTL: 600 }),
    "granted, with an id": grant(2001),
    "granted as text": grant("2002", "600"),
    "granted twice": [grant(2003), grant(2003)],
    "without a time": [call("lease/grant", { ID: 2004 }), revoke(2004)],
    nothing: [call("lease/grant"), revokeOwn],
    "of a negative time": [grant(2005, -5), revoke(2005)],
    "of too long a time": grant(2006, 9_000_000_001),
    "of the largest id": grant("9223372036854775807"),
    "of a negative id": grant(-2007),
    "beyond 64 bits": call("lease/grant", '{"ID":9223372036854775808,"TTL":1}'),
    "beyond 53 bits, as a number": [
      call("lease/grant", '{"ID":9007199254740993,"TTL":600}'),
      call("lease/timetolive", '{"ID":9007199254740993}'),
    ],
    revoked: [grant(2008), call("lease/revoke", { ID: 2008 }), call("lease/timetolive", { ID: 2008 })],
    "revoked at the older path": [grant(2009), call("kv/lease/revoke", { ID: "2009" })],
    "revoked that there is not": call("lease/revoke", { ID: 404 }),
    "revoked without an id": call("lease/revoke"),
    "revoked with its keys": [
      grant(2010),
      call("kv/put", { key: b64("l1"), lease: 2010 }),
      call("lease/revoke", { ID: 2010 }),
      call("kv/range", { key: b64("l1") }),
    ],
    "time to live": [grant(2011), call("lease/timetolive", { ID: 2011 }), call("kv/lease/timetolive", { ID: "2011" })],
    "time to live with keys": [
      grant(2012),
      call("lease/timetolive", { ID: 2012, keys: true }),
      call("kv/put", { key: b64("l2"), lease: 2012 }),
      call("lease/timetolive", { ID: 2012, keys: true }),
    ],
    "time to live that there is not": call("lease/timetolive", { ID: 404, keys: true }),
    "time to live without an id": call("lease/timetolive"),
    all: call("lease/leases"),
    "all, at the older path": call("kv/lease/leases"),
    "kept alive": [grant(2013), stream("lease/keepalive", { ID: 2013 }, 1)],
    "kept alive twice": [grant(2014), streamToEnd("lease/keepalive", '{"ID":2014}{"ID":"2014"}', 2)],
    "kept alive, in lines": [grant(2015), streamToEnd("lease/keepalive", '{"ID":2015}\n{"ID":2015}\n', 2)],
    "kept alive that there is not": streamToEnd("lease/keepalive", { ID: 404 }, 1),
    "kept alive without an id": streamToEnd("lease/keepalive", {}, 1),
    "kept alive with an empty body": streamToEnd("lease/keepalive", "", 1),
    "kept alive with garbage": streamToEnd("lease/keepalive", "garbage", 1),
    "kept alive with a list": streamToEnd("lease/keepalive", "[]", 1),
    "kept alive, then garbage": [grant(2016), streamToEnd("lease/keepalive", '{"ID":2016} garbage', 2)],
    "kept alive of etcd's id": [
      call("lease/grant", { TTL: 600 }),
      streamToEnd("lease/keepalive", (seen) => ({ ID: from(seen, 0, "ID") }), 1),
    ],
  }),
];
