import type { Answer } from "./exchange.js";

/** Members whose values belong to one server: ids, sizes, places in its log. */
const OWN: ReadonlySet<string> = new Set([
  "cluster_id",
  "member_id",
  "raft_term",
  "raftIndex",
  "raftAppliedIndex",
  "raftTerm",
  "leader",
  "memberID",
  "dbSize",
  "dbSizeInUse",
  "hash",
  "token",
  "blob",
  // Counts the changes to users and roles, which cases that end differently leave different.
  "authRevision",
]);

/** Members that one server has and another lacks: the size of its database decides. */
const BY_SIZE: ReadonlySet<string> = new Set(["remaining_bytes"]);

/** Members that count the changes of the store. */
const REVISIONS: ReadonlySet<string> = new Set([
  "revision",
  "create_revision",
  "mod_revision",
  "compact_revision",
  "hash_revision",
  "rev",
]);

/** Ids that etcd chooses are that long; those that cases choose are shorter. */
const LONG_ID = /^-?\d{15,20}$/;

/** The same response without what is a server's own: ids, ports, and revisions counted from the beginning of the case. */
export function normalised(answer: Answer, revision: number): Answer {
  return {
    ...answer,
    contentType: answer.contentType.toLowerCase().replace(/\s/g, ""),
    challenge: answer.challenge && plain(answer.challenge),
    json: value("", answer.json, revision),
    text: answer.text && plain(answer.text),
  };
}

function value(name: string, json: unknown, revision: number): unknown {
  if (Array.isArray(json)) {
    const elements = json.map((element) => value(name, element, revision));
    // They come in the order of their ids.
    return name === "members" ? elements.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) : elements;
  }
  if (typeof json === "object" && json !== null) {
    const members = Object.entries(json).filter(([key]) => !BY_SIZE.has(key));
    return Object.fromEntries(members.map(([key, member]) => [key, value(key, member, revision)]));
  }
  if (name === "leader" && typeof json !== "string") return json;
  if (OWN.has(name)) return `<${name}>`;
  if (REVISIONS.has(name) && Number(json) >= revision) return `<revision+${Number(json) - revision}>`;
  if (typeof json !== "string") return json;
  if (name === "TTL" && Number(json) > 1) return "<TTL>";
  if ((name === "ID" || name === "lease") && LONG_ID.test(json) && json !== MOST) return "<id>";
  return (name === "key" ? keyWithoutId(json) : undefined) ?? plain(json);
}

/** The key of a lock or an election, which ends with the id of its lease. */
function keyWithoutId(base64: string): string | undefined {
  const [, name] = /^(.*)\/[0-9a-f]{12,16}$/s.exec(Buffer.from(base64, "base64").toString("latin1")) ?? [];
  return name === undefined ? undefined : `${name}/<hex>`;
}

const MOST = String(2n ** 63n - 1n);

/** Texts without ports and ids in hexadecimal. No-break spaces are what one of Go's libraries mixes in at random. */
function plain(text: string): string {
  return text
    .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:<port>")
    .replace(/\b[0-9a-f]{15,16}\b/g, "<hex>")
    .replace(/\bmemberID:\d+/g, "memberID:<id>")
    .replace(/\u00a0/g, " ");
}
