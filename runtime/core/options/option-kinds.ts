import { LONGEST_DELAY } from "../timers/longest-delay.js";
import { badOption, OptionalOption, type OptionFacts } from "./option.js";
import { type OptionPath, within } from "./option-path.js";
import { isGivenRecord, readGiven, readMember, readNames, readSymbols } from "./read-given.js";

/** Creates an option whose valid values a type guard recognizes. */
function optionOf<Value>(facts: OptionFacts, isOne: (given: unknown) => given is Value): OptionalOption<Value> {
  return new OptionalOption(facts, (given, at) => {
    const valid = readGiven(at, "its value", () => (isOne(given) ? { value: given } : undefined));
    if (valid === undefined) throw badOption(at, given, facts);
    return valid.value;
  });
}

/** The facts of an option whose value is a whole number. */
export interface NumberFacts {
  readonly text: string;
  /** The lowest value; 0 by default. */
  readonly from?: number;
  /** The highest value. */
  readonly to?: number;
}

function wholeNumber(
  type: string,
  { text, from = 0, to = Number.MAX_SAFE_INTEGER }: NumberFacts,
): OptionalOption<number> {
  const expected =
    to === Number.MAX_SAFE_INTEGER ? `an integer of ${from} or more` : `an integer from ${from} to ${to}`;
  const isOne = (given: unknown): given is number =>
    typeof given === "number" && Number.isInteger(given) && given >= from && given <= to;
  return optionOf({ text, type, expected }, isOne);
}

/** Creates an option for a count. */
export function count(facts: NumberFacts): OptionalOption<number> {
  return wholeNumber("number", facts);
}

/** Creates an option for a size in bytes. */
export function bytes(facts: NumberFacts): OptionalOption<number> {
  return wholeNumber("bytes", facts);
}

/** Creates an option for a time in milliseconds, at most the longest delay of a Node.js timer. */
export function milliseconds({ to = LONGEST_DELAY, ...facts }: NumberFacts): OptionalOption<number> {
  return wholeNumber("milliseconds", { ...facts, to });
}

/** Creates an option that is `true` or `false`. */
export function flag(text: string): OptionalOption<boolean> {
  const facts = { text, type: "boolean", expected: "true or false" };
  return optionOf(facts, (given) => typeof given === "boolean");
}

/** Creates an option that is one of a few words. */
export function oneOf<const Word extends string>(text: string, ...words: readonly Word[]): OptionalOption<Word> {
  const quoted = words.map((word) => JSON.stringify(word));
  const facts = { text, type: quoted.join(" | "), expected: alternatives(quoted), words };
  return optionOf(facts, (given): given is Word => words.some((word) => word === given));
}

/** The facts of an option whose value is a string. It must not be empty, unless `accepts` decides otherwise. */
export interface TextFacts {
  readonly text: string;
  /** The type, as the documentation shows it; `string` by default. */
  readonly type?: string;
  /** What the value must be, for errors. */
  readonly expected?: string;
  readonly secret?: boolean;
  /** Whether a string is a valid value. */
  readonly accepts?: (text: string) => boolean;
  /** Returns what to write instead of an invalid string, if that can be guessed. */
  readonly advice?: (text: string) => string | undefined;
}

/** Creates an option that is a string. */
export function text({
  text,
  type = "string",
  expected,
  secret = false,
  accepts,
  advice,
}: TextFacts): OptionalOption<string> {
  const facts = { text, type, expected: expected ?? "a non-empty string", secret };
  return new OptionalOption(facts, (given, at) => {
    if (typeof given === "string" && (accepts === undefined ? given !== "" : accepts(given))) return given;
    const hint = typeof given === "string" ? advice?.(given) : undefined;
    throw badOption(at, given, hint === undefined ? facts : { ...facts, expected: `${facts.expected}; ${hint}` });
  });
}

/**
 * Creates an option that is a list. The value is a copy, so later changes to the app's list have no effect.
 *
 * @param item the option that each item must match
 */
export function listOf<Value>(
  { text, type, expected, least = 0 }: { text: string; type?: string; expected?: string; least?: number },
  item: OptionalOption<Value>,
): OptionalOption<readonly Value[]> {
  const facts = { text, type: type ?? `${item.facts.type}[]`, expected: expected ?? `a list: ${item.facts.expected}` };
  const required = item.required();
  return new OptionalOption(facts, (given, at) => {
    const items = readItems(given, at);
    if (items === undefined || items.length < least) throw badOption(at, given, facts);
    return items.map((each, i) => required.read(each, within(at, `[${i}]`)));
  });
}

/** Returns a copy of a list, or `undefined` if the value is none. */
function readItems(given: unknown, at: OptionPath): readonly unknown[] | undefined {
  return readGiven(at, "its items", () => (Array.isArray(given) ? Array.from<unknown>(given) : undefined));
}

/**
 * Creates an option that is an object whose members have names of the app's choice. The value is a copy.
 *
 * @param member the option that each member must match
 */
export function recordOf<Value>(
  { text, type, expected }: { text: string; type?: string; expected: string },
  member: OptionalOption<Value>,
  isName: (name: string) => boolean = () => true,
): OptionalOption<Readonly<Record<string, Value>>> {
  const facts = { text, type: type ?? `{ [name]: ${member.facts.type} }`, expected };
  return new OptionalOption(facts, (given, at) => {
    if (!isGivenRecord(given, at)) throw badOption(at, given, facts);
    const members = readNames(given, at).flatMap((name): [string, Value][] => {
      const inside = within(at, `[${JSON.stringify(name)}]`);
      if (!isName(name)) throw new TypeError(`invalid ${inside.path}: expected ${expected}`);
      const read = member.read(readMember(given, name, inside), inside);
      return read === undefined ? [] : [[name, read]];
    });
    return Object.fromEntries(members);
  });
}

/** Creates an option that is a word, or else what another option accepts: a list or an object. */
export function wordOr<Word extends string, Value>(
  word: OptionalOption<Word>,
  other: OptionalOption<Value>,
): OptionalOption<Word | Value> {
  const { text, type, words = [] } = word.facts;
  const expected = alternatives([...words.map((each) => JSON.stringify(each)), other.facts.expected]);
  const facts = { text, type: `${type} | ${other.facts.type}`, expected, words };
  const ofWord = word.required();
  const ofOther = other.required();
  return new OptionalOption<Word | Value>(facts, (given, at) => {
    if (typeof given === "object" && given !== null) return ofOther.read(given, at);
    if (words.some((each) => each === given)) return ofWord.read(given, at);
    throw badOption(at, given, facts);
  });
}

/** Creates an option that is a function. Its parameters cannot be checked at run time, only by the compiler. */
export function callback<Value extends (...args: never) => unknown>(text: string): OptionalOption<Value> {
  const facts = { text, type: "function", expected: "a function" };
  return optionOf(facts, (given): given is Value => typeof given === "function");
}

/**
 * Creates an option with a type of its own.
 *
 * @param isOne whether a value is valid
 */
export function instance<Value>(facts: OptionFacts, isOne: (given: unknown) => boolean): OptionalOption<Value> {
  return optionOf(facts, (given): given is Value => isOne(given));
}

/**
 * Creates an option like {@link instance} whose value is a copy of an object or a list: its members are read once, and
 * later changes have no effect. Members that are objects are not copied.
 */
export function copied<Value>(facts: OptionFacts, isOne: (copy: unknown) => boolean): OptionalOption<Value> {
  const ofCopy = instance<Value>(facts, isOne).required();
  return new OptionalOption(facts, (given, at) => ofCopy.read(readItems(given, at) ?? copiedMembers(given, at), at));
}

/** Returns a copy of an object with members by name, and with its symbols; of anything else the value itself. */
function copiedMembers(given: unknown, at: OptionPath): unknown {
  if (!isGivenRecord(given, at)) return given;
  const members = readNames(given, at).map((name): [string | symbol, unknown] => {
    return [name, readMember(given, name, within(at, `[${JSON.stringify(name)}]`))];
  });
  const symbols = readSymbols(given, at).map((symbol): [string | symbol, unknown] => {
    return [symbol, readMember(given, symbol, within(at, `[${String(symbol)}]`))];
  });
  return Object.fromEntries([...members, ...symbols]);
}

/** Whether an object or function has methods with these names. */
export function hasMethods(given: unknown, ...names: readonly string[]): boolean {
  return (
    (typeof given === "object" || typeof given === "function") &&
    given !== null &&
    names.every((name) => typeof Reflect.get(given, name) === "function")
  );
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
