import { thrownText } from "../errors/thrown-text.js";
import { isRecord } from "./is-record.js";
import type { OptionPath } from "./option-path.js";

/** The path of what is read. */
type Place = Pick<OptionPath, "path">;

/**
 * Reads something of what an app has given, which may be a proxy, or have a getter, that throws.
 *
 * @param what what is read, for the error: `its value`
 * @param read must not throw errors of its own
 * @throws TypeError with the option's path, what cannot be read, and the text of what was thrown
 */
export function readGiven<Result>({ path }: Place, what: string, read: () => Result): Result {
  try {
    return read();
  } catch (thrown) {
    throw new TypeError(`invalid ${path}: cannot read ${what}: ${thrownText(thrown).message}`, { cause: thrown });
  }
}

/** Whether a given value is an object with members by name: see {@link isRecord}. */
export function isGivenRecord(given: unknown, at: Place): given is Readonly<Record<string, unknown>> {
  return readGiven(at, "its kind", () => isRecord(given));
}

/** Reads the names of an object's members. */
export function readNames(given: object, at: Place): readonly string[] {
  return readGiven(at, "the names of its members", () => Object.keys(given));
}

/** Reads the symbols of an object's members that `{ ...given }` would copy, too. */
export function readSymbols(given: object, at: Place): readonly symbol[] {
  const isEnumerable = (symbol: symbol): boolean => Object.prototype.propertyIsEnumerable.call(given, symbol);
  return readGiven(at, "the names of its members", () => Object.getOwnPropertySymbols(given).filter(isEnumerable));
}

/** Reads the value of a member, whose path is `at`. */
export function readMember(given: object, name: string | symbol, at: Place): unknown {
  return readGiven(at, "its value", (): unknown => Reflect.get(given, name));
}
