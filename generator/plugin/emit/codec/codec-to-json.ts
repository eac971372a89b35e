import type { FieldModel } from "../../model/model.js";
import { propertyAccess } from "../source/expression.js";
import { LINE_WIDTH } from "../source/line-width.js";
import { tagsOf } from "./wire-tag.js";

/**
 * Writes the method of a codec that turns wire bytes into JSON. The method reads the fields in ascending order of their
 * numbers, so a message in canonical order takes one pass. It returns the end of the message, or the first tag that is
 * out of order or unknown. The runtime handles this tag.
 *
 * @param whole whether fields without presence are also written if they are absent on the wire
 */
export function toJsonMethod(declared: readonly FieldModel[], table: string, whole: boolean): string {
  if (declared.length === 0) return "  toJson: (t) => t.next(),";
  const fields = [...declared].sort((a, b) => a.number - b.number);
  const scattered = scatteredOneofs(fields);
  return [
    "  toJson(t) {",
    "    let tag = t.next();",
    ...[...scattered.values()].map((flag) => `    let ${flag} = false;`),
    ...fields.flatMap((field, index) => [
      ...statement(field, fields[index - 1], table, scattered),
      ...(whole && !field.explicitPresence ? [`    else t.absent(${propertyAccess(table, field.name)});`] : []),
    ]),
    "    return tag;",
    "  },",
  ].join("\n");
}

/** The names of the local variables in the output of {@link toJsonMethod}. */
export function toJsonLocals(declared: readonly FieldModel[]): readonly string[] {
  return ["t", "tag", ...scatteredOneofs([...declared].sort((a, b) => a.number - b.number)).values()];
}

/** Reads one field. Only the first member of a oneof is read, since a message with a second one is not canonical. */
function statement(
  field: FieldModel,
  previous: FieldModel | undefined,
  table: string,
  scattered: ReadonlyMap<string, string>,
): readonly string[] {
  const flag = field.oneof === undefined ? undefined : scattered.get(field.oneof);
  const condition = tagsOf(field)
    .map((tag) => `tag === ${tag}`)
    .join(" || ");
  const call = `tag = ${readCall(field, table)};`;
  if (flag !== undefined) {
    return [`    if (!${flag} && ${condition}) {`, `      ${flag} = true;`, `      ${call}`, "    }"];
  }
  const follows = field.oneof !== undefined && previous?.oneof === field.oneof;
  const head = `    ${follows ? "else " : ""}if (${condition})`;
  return head.length + 1 + call.length <= LINE_WIDTH ? [`${head} ${call}`] : [head, `      ${call}`];
}

function readCall(field: FieldModel, table: string): string {
  const entry = propertyAccess(table, field.name);
  if (field.cardinality === "map") return `t.map(${entry})`;
  if (field.cardinality === "repeated") return `t.list(tag, ${entry})`;
  return `t.${field.type.kind === "scalar" ? field.type.scalar : field.type.kind}(${entry})`;
}

/** Oneofs with other fields between their members, each with the name of the flag that records a member was read. */
function scatteredOneofs(fields: readonly FieldModel[]): ReadonlyMap<string, string> {
  const flags = new Map<string, string>();
  const ended = new Set<string>();
  for (const [index, { oneof }] of fields.entries()) {
    if (oneof === undefined || oneof === fields[index - 1]?.oneof) continue;
    if (ended.has(oneof)) flags.set(oneof, `has_${oneof}`);
    ended.add(oneof);
  }
  return flags;
}
