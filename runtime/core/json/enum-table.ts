import { NameTable } from "./name-table.js";
import { quoted } from "./text/quoted.js";

const NULL = Buffer.from("null");

/** How many names of an enum an error lists. */
const MOST_NAMES = 8;

/** The names and numbers of an enum type. */
export class EnumTable {
  /** The full proto name. */
  readonly name: string;
  /**
   * Whether the enum is closed (proto2). A number that a closed enum does not define is an unknown field on the wire.
   */
  readonly closed: boolean;
  /** Whether it is `google.protobuf.NullValue`, which is `null` in JSON. */
  readonly isNull: boolean;
  /** Numbers by name, aliases included. */
  readonly numbers: NameTable<number> = new NameTable();
  readonly #texts: Map<number, Buffer> = new Map();

  constructor({ name, closed = false, values, isNull = false }: EnumSpec) {
    this.name = name;
    this.closed = closed;
    this.isNull = isNull;
    for (const [value, number] of Object.entries(values)) {
      this.numbers.add(value, number);
      if (!this.#texts.has(number)) this.#texts.set(number, Buffer.from(quoted(value)));
    }
  }

  /** What a value must be, for errors: the names if they are few. */
  get expected(): string {
    const names = [...this.#texts.values()].map((text) => text.toString().slice(1, -1));
    const last = names.pop();
    if (last === undefined || names.length >= MOST_NAMES) return `a value of the enum ${this.name}`;
    return `${names.length === 0 ? "" : `${names.join(", ")} or `}${last} (${this.name})`;
  }

  /** Whether the enum defines a number. */
  has(number: number): boolean {
    return this.#texts.has(number);
  }

  /**
   * Returns the name of a number as JSON text, including the quotes. If the number has aliases, it is the name declared
   * first.
   */
  text(number: number): Buffer | undefined {
    return this.isNull ? NULL : this.#texts.get(number);
  }
}

/** The description of an enum type in generated code. */
export interface EnumSpec {
  /** The full proto name. */
  readonly name: string;
  /** Whether it is a closed enum (proto2). Default no. */
  readonly closed?: boolean;
  /** Numbers by name in declaration order, aliases included. */
  readonly values: Readonly<Record<string, number>>;
  /** Whether it is `google.protobuf.NullValue`, which is `null` in JSON. Default no. */
  readonly isNull?: boolean;
}

/** Makes the table of an enum type. */
export function enumTable(spec: EnumSpec): EnumTable {
  return new EnumTable(spec);
}

/** A reference to the table of an enum that may not be initialized yet. */
export class LazyEnum {
  readonly table: () => EnumTable;

  constructor(table: () => EnumTable) {
    this.table = table;
  }
}

/** Makes a reference to the table of an enum in a module that imports this one. */
export function lazyEnum(table: () => EnumTable): LazyEnum {
  return new LazyEnum(table);
}
