import type { Rpc } from "../../call/rpc.js";
import type { MessageCodec } from "../../json/codec.js";
import type { Field } from "../../json/field.js";
import type { Route } from "../route.js";
import type { UrlMessage } from "./url-message.js";
import { textFormOf } from "./url-text.js";

interface Variable {
  readonly path: readonly Field[];
  readonly source: string;
}

/** The variables of a path template, resolved to fields of the request message. */
export class PathVariables {
  readonly #variables: readonly Variable[];

  /** @throws TypeError if a variable cannot be put into the message, with its name and what to do */
  constructor({ rpc, binding }: Route) {
    this.#variables = (binding.variables ?? []).map(({ field }) => {
      const name = field.join(".");
      const problem = (what: string): TypeError =>
        new TypeError(`${rpc.name}: the path variable {${name}} of ${binding.method} ${binding.template}: ${what}`);
      return { path: resolve(rpc, field, problem), source: `path variable {${name}}` };
    });
  }

  /** The field paths that the variables set. */
  get paths(): readonly (readonly Field[])[] {
    return this.#variables.map(({ path }) => path);
  }

  /** Adds the values of the variables, in order and percent-decoded, to a message. */
  addTo(message: UrlMessage, values: readonly string[]): void {
    for (const [index, { path, source }] of this.#variables.entries()) {
      message.add({ path }, { text: values[index] ?? "", source });
    }
  }
}

function resolve({ request }: Rpc, names: readonly string[], problem: (what: string) => TypeError): readonly Field[] {
  const path: Field[] = [];
  let within: MessageCodec = request;
  for (const [index, name] of names.entries()) {
    const field = within.fields.find((each) => each.name === name);
    if (field === undefined) throw problem(`${within.name} has no field ${name}: name one of its fields`);
    if (field.cardinality !== "singular")
      throw problem(`${name} is ${field.cardinality === "map" ? "a map" : "repeated"}: bind a singular field`);
    if (index < names.length - 1) {
      if (field.type !== "message") throw problem(`${name} is not a message, so it has no fields: end the name there`);
      within = field.message;
    } else if (!isText(field)) {
      throw problem(`${name} is a message: bind one of its fields, as in {${names.join(".")}.NAME}`);
    }
    path.push(field);
  }
  return path;
}

/** Whether the URL form of a field is plain text, not JSON. */
function isText(field: Field): boolean {
  const form = textFormOf(field);
  return form !== undefined && form !== "json";
}
