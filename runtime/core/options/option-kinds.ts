import { isRecord } from "./is-record.js";
import { badOption, OptionalOption, type OptionFacts, type OptionPlace } from "./option.js";

/** The longest delay of a timer of Node.js, in milliseconds: 24.8 days. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** An option of one of a few kinds. */
function optionOf<Value>(facts: OptionFacts, isOne: (given: unknown) => given is Value): OptionalOption<Value> {
  return new OptionalOption(facts, (given, place) => {
    if (isOne(given)) return given;
    throw badOption(place, given, facts);
  });
}

/** A whole number. */
export interface NumberFacts {
  readonly text: string;
  /** The least that it may be; 0 by default. */
  readonly from?: number;
  /** The most that it may be. */
  readonly to?: number;
}

function wholeNumber(
  type: string,
  { text, from = 0, to = Number.MAX_SAFE_INTEGER }: NumberFacts,
): OptionalOption<number> {
  const expected = `a whole number from ${from} to ${to}`;
  const isOne = (given: unknown): given is number =>
    typeof given === "number" && Number.isInteger(given) && given >= from && given <= to;
  return optionOf({ text, type, expected }, isOne);
}

/** A number of things. */
export function count(facts: NumberFacts): OptionalOption<number> {
  return wholeNumber("number", facts);
}

/** A size in bytes. */
export function bytes(facts: NumberFacts): OptionalOption<number> {
  return wholeNumber("bytes", facts);
}

/** A time in milliseconds, which a timer of Node.js can wait for. */
export function milliseconds({ to = LONGEST_DELAY, ...facts }: NumberFacts): OptionalOption<number> {
  return wholeNumber("milliseconds", { ...facts, to });
}

/** `true` or `false`. */
export function flag(text: string): OptionalOption<boolean> {
  const facts = { text, type: "boolean", expected: "true or false" };
  return optionOf(facts, (given) => typeof given === "boolean");
}

/** One of a few words. */
export function oneOf<const Word extends string>(text: string, ...words: readonly Word[]): OptionalOption<Word> {
  const quoted = words.map((word) => JSON.stringify(word));
  const facts = { text, type: quoted.join(" | "), expected: alternatives(quoted), words };
  return optionOf(facts, (given): given is Word => words.some((word) => word === given));
}

/** A text: one that is not empty, unless `accepts` says otherwise. */
export interface TextFacts {
  readonly text: string;
  /** Its type, as the documentation has it; `string` by default. */
  readonly type?: string;
  /** What it must be. */
  readonly expected?: string;
  readonly secret?: boolean;
  /** Whether a text is one. */
  readonly accepts?: (text: string) => boolean;
  /** What to write instead of a text that is none, if that can be told. */
  readonly advice?: (text: string) => string | undefined;
}

/** A text. */
export function text({
  text,
  type = "string",
  expected,
  secret = false,
  accepts,
  advice,
}: TextFacts): OptionalOption<string> {
  const facts = { text, type, expected: expected ?? "a text that is not empty", secret };
  return new OptionalOption(facts, (given, place) => {
    if (typeof given === "string" && (accepts === undefined ? given !== "" : accepts(given))) return given;
    const hint = typeof given === "string" ? advice?.(given) : undefined;
    throw badOption(place, given, hint === undefined ? facts : { ...facts, expected: `${facts.expected}; ${hint}` });
  });
}

/** A list of what another option may be. It is a copy: what an app does to its own list later changes nothing. */
export function listOf<Value>(
  { text, type, expected, least = 0 }: { text: string; type?: string; expected?: string; least?: number },
  item: OptionalOption<Value>,
): OptionalOption<readonly Value[]> {
  const facts = { text, type: type ?? `${item.facts.type}[]`, expected: expected ?? `a list: ${item.facts.expected}` };
  const required = item.required();
  return new OptionalOption(facts, (given, place) => {
    if (!Array.isArray(given) || given.length < least) throw badOption(place, given, facts);
    return Array.from(given, (each: unknown, i) => required.read(each, within(place, `[${i}]`)));
  });
}

/** An object whose members have names of the app's choice. It is a copy. */
export function recordOf<Value>(
  { text, type, expected }: { text: string; type?: string; expected: string },
  member: OptionalOption<Value>,
  isName: (name: string) => boolean = () => true,
): OptionalOption<Readonly<Record<string, Value>>> {
  const facts = { text, type: type ?? `{ [name]: ${member.facts.type} }`, expected };
  return new OptionalOption(facts, (given, place) => {
    if (!isRecord(given)) throw badOption(place, given, facts);
    const members = Object.entries(given).flatMap(([name, value]): [string, Value][] => {
      const at = within(place, `[${JSON.stringify(name)}]`);
      if (!isName(name)) throw new TypeError(`bad ${at.path}: ${place.path} must be ${expected}`);
      const read = member.read(value, at);
      return read === undefined ? [] : [[name, read]];
    });
    return Object.fromEntries(members);
  });
}

/** A word, or what another option may be: a list or an object. */
export function wordOr<Word extends string, Value>(
  word: OptionalOption<Word>,
  other: OptionalOption<Value>,
): OptionalOption<Word | Value> {
  const { text, type, words = [] } = word.facts;
  const expected = alternatives([...words.map((each) => JSON.stringify(each)), other.facts.expected]);
  const facts = { text, type: `${type} | ${other.facts.type}`, expected, words };
  const ofWord = word.required();
  const ofOther = other.required();
  return new OptionalOption<Word | Value>(facts, (given, place) => {
    if (typeof given === "object" && given !== null) return ofOther.read(given, place);
    if (words.some((each) => each === given)) return ofWord.read(given, place);
    throw badOption(place, given, facts);
  });
}

/** A function. What it takes cannot be told from outside: its type is the compiler's to check. */
export function callback<Value extends (...args: never) => unknown>(text: string): OptionalOption<Value> {
  const facts = { text, type: "function", expected: "a function" };
  return optionOf(facts, (given): given is Value => typeof given === "function");
}

/** Something of a type of its own. */
export function instance<Value>(facts: OptionFacts, isOne: (given: unknown) => boolean): OptionalOption<Value> {
  return optionOf(facts, (given): given is Value => isOne(given));
}

/** Whether an object, or a function, has methods of these names. */
export function hasMethods(given: unknown, ...names: readonly string[]): boolean {
  return (
    (typeof given === "object" || typeof given === "function") &&
    given !== null &&
    names.every((name) => typeof Reflect.get(given, name) === "function")
  );
}

function within({ path, known }: OptionPlace, member: string): OptionPlace {
  return { path: path + member, known };
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
