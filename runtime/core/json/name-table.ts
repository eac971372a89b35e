/**
 * A map from names to values. It looks up the UTF-8 bytes of a name without making a string. The names of built-in
 * properties of JavaScript objects (`__proto__`, `constructor`) are ordinary names here.
 */
export class NameTable<Value> {
  readonly #byLength: { readonly name: Uint8Array; readonly value: Value }[][] = [];

  /** The length of the longest name, in bytes. */
  get longest(): number {
    return this.#byLength.length - 1;
  }

  /** Adds a name, unless the table has it already. */
  add(name: string, value: Value): void {
    const bytes = Buffer.from(name, "utf8");
    if (this.find(bytes, 0, bytes.length) !== undefined) return;
    const list = this.#byLength[bytes.length];
    if (list === undefined) this.#byLength[bytes.length] = [{ name: bytes, value }];
    else list.push({ name: bytes, value });
  }

  /** Returns the value whose name is the text from `start` up to `end`. */
  find(text: Uint8Array, start: number, end: number): Value | undefined {
    const list = this.#byLength[end - start];
    if (list === undefined) return undefined;
    for (const { name, value } of list) {
      let i = 0;
      while (i < name.length && name[i] === text[start + i]) i++;
      if (i === name.length) return value;
    }
    return undefined;
  }
}
