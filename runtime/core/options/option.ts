import { kindOf, shown } from "./shown.js";

/** What is to be known of an option. */
export interface OptionFacts {
  /** What it does, in Markdown: for the documentation, and for `--help`. */
  readonly text: string;
  /** Its type, as the documentation has it. */
  readonly type: string;
  /** What its value must be; an error says so. */
  readonly expected: string;
  /** The words that it may be, if it is one of a few. */
  readonly words?: readonly string[];
  /** Whether its value must not be shown. */
  readonly secret?: boolean;
}

/** Where an option is. */
export interface OptionPlace {
  /** Its name with those of its groups, such as `limits.maxStreams`. */
  readonly path: string;
  /** The paths of all options there are. */
  readonly known: () => readonly string[];
}

/**
 * An option: its facts, and how its value is read. A value that is `undefined` is as good as none.
 *
 * @typeParam Value what reading gives
 */
export class Option<Value> {
  readonly facts: OptionFacts;
  /** What it is if it is not given. */
  readonly default: Value | undefined;
  readonly #read: (given: unknown, place: OptionPlace) => Value;

  /** @param read reads what is given, or throws {@link badOption}; it may be given `undefined` */
  constructor(facts: OptionFacts, read: (given: unknown, place: OptionPlace) => Value, byDefault?: Value) {
    this.facts = facts;
    this.#read = read;
    this.default = byDefault;
  }

  /** @throws TypeError with the option's path, the value and what it must be */
  read(given: unknown, place: OptionPlace): Value {
    return this.#read(given, place);
  }

  /** The same option with another text. */
  describedAs(text: string): Option<Value> {
    return new Option({ ...this.facts, text }, this.#read, this.default);
  }

  /**
   * Reads an argument of a function that is no option of a table.
   *
   * @throws TypeError with the argument's name, the value and what it must be
   */
  readArgument(given: unknown, name: string): Value {
    return this.#read(given, { path: name, known: () => [] });
  }
}

/** An option that may be left out. */
export class OptionalOption<Value> extends Option<Value | undefined> {
  readonly #readGiven: (given: unknown, place: OptionPlace) => Value;

  /** @param read reads what is given, or throws {@link badOption} */
  constructor(facts: OptionFacts, read: (given: unknown, place: OptionPlace) => Value) {
    super(facts, (given, place) => (given === undefined ? undefined : read(given, place)));
    this.#readGiven = read;
  }

  /** The same option with a value for when it is not given. */
  or(byDefault: Value): Option<Value> {
    const read = this.#readGiven;
    return new Option(this.facts, (given, place) => (given === undefined ? byDefault : read(given, place)), byDefault);
  }

  /** The same option, which must be given. */
  required(): Option<Value> {
    const read = this.#readGiven;
    return new Option(this.facts, (given, place) => {
      if (given === undefined) throw new TypeError(`${place.path} is missing: it must be ${this.facts.expected}`);
      return read(given, place);
    });
  }
}

/** Options by their names. */
export type OptionTable<Values> = { readonly [Name in keyof Values]: Option<Values[Name]> };

/**
 * What reading gives: every option is there, and has its default if it was not given.
 *
 * @typeParam Given the options as an app gives them
 * @typeParam Absent the names of those that have no default
 */
export type Checked<Given, Absent extends keyof Given = never> = {
  readonly [Name in keyof Given]-?: Exclude<Given[Name], undefined> | (Name extends Absent ? undefined : never);
};

/** The error of a value that an option cannot have. */
export function badOption(
  { path }: OptionPlace,
  value: unknown,
  { expected, secret }: Pick<OptionFacts, "expected" | "secret">,
): TypeError {
  return new TypeError(`bad ${path} ${secret === true ? kindOf(value) : shown(value)}: it must be ${expected}`);
}
