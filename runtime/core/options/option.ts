import type { OptionPath } from "./option-path.js";
import { readGiven } from "./read-given.js";
import { kindOf, shown } from "./shown.js";

/** What is known about an option. */
export interface OptionFacts {
  /** What the option does, in Markdown, for the documentation and for `--help`. */
  readonly text: string;
  /** The type, as the documentation shows it. */
  readonly type: string;
  /** What the value must be. Errors quote it. */
  readonly expected: string;
  /** The words that the value may be, if it is one of a few. */
  readonly words?: readonly string[];
  /** Whether errors must not show the value. */
  readonly secret?: boolean;
}

/**
 * An option: its facts, and how to read its value. `undefined` counts as not given.
 *
 * @typeParam Value the type of the value after reading
 */
export class Option<Value> {
  readonly facts: OptionFacts;
  /** The value if the option is not given. */
  readonly default: Value | undefined;
  readonly #read: (given: unknown, at: OptionPath) => Value;

  /** @param read reads a given value, which may be `undefined`, or throws {@link badOption} */
  constructor(facts: OptionFacts, read: (given: unknown, at: OptionPath) => Value, byDefault?: Value) {
    this.facts = facts;
    this.#read = read;
    this.default = byDefault;
  }

  /** @throws TypeError with the option's path, the value and what it must be */
  read(given: unknown, at: OptionPath): Value {
    return this.#read(given, at);
  }

  /** Returns the same option with another description. */
  describedAs(text: string): Option<Value> {
    return new Option({ ...this.facts, text }, this.#read, this.default);
  }

  /**
   * Reads an argument of a function that does not belong to a table of options.
   *
   * @throws TypeError with the argument's name, the value and what it must be
   */
  readArgument(given: unknown, name: string): Value {
    return this.#read(given, { path: name, known: () => [] });
  }
}

/** An option that may be left out. */
export class OptionalOption<Value> extends Option<Value | undefined> {
  readonly #readGiven: (given: unknown, at: OptionPath) => Value;

  /** @param read reads a given value, or throws {@link badOption} */
  constructor(facts: OptionFacts, read: (given: unknown, at: OptionPath) => Value) {
    super(facts, (given, at) => (given === undefined ? undefined : read(given, at)));
    this.#readGiven = read;
  }

  /** Returns the same option with a default value. */
  or(byDefault: Value): Option<Value> {
    const read = this.#readGiven;
    return new Option(this.facts, (given, at) => (given === undefined ? byDefault : read(given, at)), byDefault);
  }

  /** Returns the same option, which then must be given. */
  required(): Option<Value> {
    const read = this.#readGiven;
    return new Option(this.facts, (given, at) => {
      if (given === undefined) throw new TypeError(`${at.path} is missing: expected ${this.facts.expected}`);
      return read(given, at);
    });
  }
}

/** Options by name. */
export type OptionTable<Values> = { readonly [Name in keyof Values]: Option<Values[Name]> };

/**
 * The options after reading. Every option is present, and has its default if it was not given.
 *
 * @typeParam Given the options as an app passes them
 * @typeParam Absent the names of the options without a default
 */
export type Checked<Given, Absent extends keyof Given = never> = {
  readonly [Name in keyof Given]-?: Exclude<Given[Name], undefined> | (Name extends Absent ? undefined : never);
};

/** Creates the error for a value that is not valid. */
export function badOption(
  at: Pick<OptionPath, "path">,
  value: unknown,
  { expected, secret }: Pick<OptionFacts, "expected" | "secret">,
): TypeError {
  const text = readGiven(at, "its kind", () => (secret === true ? kindOf(value) : shown(value)));
  return new TypeError(`invalid ${at.path} ${text}: expected ${expected}`);
}
