import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

const KV = 2;
const KEY = 1;
const MOD_REVISION = 3;

/**
 * Returns a text that identifies the state in a `LeaderResponse`: the leader's key and the revision of its value.
 *
 * @throws Error if the bytes are not a message.
 */
export function readLeader(message: Uint8Array): string {
  const reader = new BinaryReader(message);
  let name = "";
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === KV && type === WireType.LengthDelimited) name = readKeyValue(reader.bytes());
    else reader.skip(type, field);
  }
  return name;
}

function readKeyValue(kv: Uint8Array): string {
  const reader = new BinaryReader(kv);
  let key: Uint8Array = new Uint8Array();
  let revision = "0";
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === KEY && type === WireType.LengthDelimited) key = reader.bytes();
    else if (field === MOD_REVISION && type === WireType.Varint) revision = String(reader.int64());
    else reader.skip(type, field);
  }
  return `${revision} ${Buffer.from(key).toString("latin1")}`;
}
