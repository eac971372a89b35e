import { nearestName } from "./nearest-name.js";
import { badOption, Option, OptionalOption, type OptionFacts, type OptionTable } from "./option.js";
import type { OptionPath } from "./option-path.js";
import { isGivenRecord, readMember, readNames } from "./read-given.js";

/** A group of options, under a name. It may be left out: then its options have their defaults. */
export class OptionGroup<Values extends object> extends Option<Values> {
  readonly table: OptionTable<Values>;

  constructor(facts: OptionFacts, table: OptionTable<Values>) {
    super(facts, (given, at) => readTable(table, given === undefined ? {} : given, facts, at));
    this.table = table;
  }
}

/** A group of options, under a name, that is `undefined` if it is left out. */
export class OptionalGroup<Values extends object> extends OptionalOption<Values> {
  readonly table: OptionTable<Values>;

  constructor(facts: OptionFacts, table: OptionTable<Values>) {
    super(facts, (given, at) => readTable(table, given, facts, at));
    this.table = table;
  }
}

/** Creates a group all of whose options may be left out. */
export function group<Values extends object>(text: string, table: OptionTable<Values>): OptionGroup<Values> {
  return new OptionGroup(groupFacts(text), table);
}

/** Creates a group that may be left out as a whole. If it is given, its options without defaults are required. */
export function optionalGroup<Values extends object>(
  text: string,
  table: OptionTable<Values>,
  { secret = false, expected = "an object" }: { secret?: boolean; expected?: string } = {},
): OptionalGroup<Values> {
  return new OptionalGroup({ ...groupFacts(text), expected, secret }, table);
}

function groupFacts(text: string): OptionFacts {
  return { text, type: "object", expected: "an object" };
}

/**
 * Reads the options of a function. Returns all of them, with the defaults of those that are not given.
 *
 * @param owner the name of the function, for errors that are not about a single option
 * @throws TypeError for a value that is not valid, for a missing option and for an unknown option. The message has the
 *   option's path, and, for a value, what it must be.
 */
export function readOptions<Values extends object>(table: OptionTable<Values>, given: unknown, owner: string): Values {
  const at = { path: `options of ${owner}`, known: () => pathsOf(table).map(({ path }) => path) };
  return readTable(table, given, { text: "", type: "object", expected: "an object" }, at, "");
}

/** An option and its path, such as `limits.maxStreams`. */
export interface PlacedOption {
  readonly path: string;
  readonly option: Option<unknown>;
}

/** Returns all options of a table in their order, including those in its groups. */
export function pathsOf(table: object, prefix = ""): readonly PlacedOption[] {
  return Object.entries(table).flatMap(([name, option]): PlacedOption[] => {
    if (!(option instanceof Option)) return [];
    const path = prefix + name;
    const members =
      option instanceof OptionGroup || option instanceof OptionalGroup ? pathsOf(option.table, `${path}.`) : [];
    return [{ path, option }, ...members];
  });
}

/**
 * Reads each option once, because a getter can return another value the next time.
 *
 * @param prefix what the paths of the table's options begin with
 */
function readTable<Values extends object>(
  table: OptionTable<Values>,
  given: unknown,
  facts: OptionFacts,
  at: OptionPath,
  prefix = `${at.path}.`,
): Values {
  if (!isGivenRecord(given, at)) throw badOption(at, given, facts);
  const { known } = at;
  for (const name of readNames(given, at)) {
    if (Object.hasOwn(table, name)) continue;
    const path = prefix + name;
    if (readMember(given, name, { path }) !== undefined) throw unknownOption(path, known());
  }
  const values = Object.entries<Option<unknown>>(table).map(([name, option]) => {
    const member = { path: prefix + name, known };
    return [name, option.read(readMember(given, name, member), member)];
  });
  // The compiler cannot type fromEntries. OptionTable ensures that each option has its type.
  return Object.fromEntries(values) as Values;
}

function unknownOption(path: string, known: readonly string[]): TypeError {
  const nearest = nearestName(path, known);
  const hint = nearest === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${nearest}?`;
  return new TypeError(`unknown option ${path}: ${hint}`);
}
