import { messageOf } from "../../model/lookup.js";
import type { MessageModel, Model, ScalarType } from "../../model/model.js";
import { type WellKnownName, wellKnownName, wrappedScalar } from "../../model/well-known.js";
import type { PluginOptions } from "../../plugin-options.js";
import { CLIENT_RUNTIME, messagesModule } from "../output-path.js";
import { string } from "../source/expression.js";
import type { SourceFile } from "../source/source-file.js";
import type { ClientModel } from "./client-model.js";

/** The TypeScript types of scalars. */
const SCALAR: Readonly<Partial<Record<ScalarType, string>>> = {
  bool: "boolean",
  bytes: "Uint8Array",
  int64: "bigint",
  string: "string",
  uint64: "bigint",
};

/**
 * The types of well-known messages as whole requests and responses. They equal their types as fields. `undefined` for
 * the types of ts-proto.
 */
const WELL_KNOWN: Readonly<Record<WellKnownName, ((source: SourceFile) => string) | undefined>> = {
  Any: (source) => source.importType("AnyJson", CLIENT_RUNTIME),
  Duration: undefined,
  Empty: undefined,
  FieldMask: () => "string[]",
  ListValue: (source) => `${source.importType("JsonValue", CLIENT_RUNTIME)}[]`,
  Struct: (source) => source.importType("JsonObject", CLIENT_RUNTIME),
  Timestamp: undefined,
  Value: (source) => source.importType("JsonValue", CLIENT_RUNTIME),
};

function wellKnownType(message: string): ((source: SourceFile) => string) | undefined {
  const name = wellKnownName(message);
  return name === undefined ? undefined : WELL_KNOWN[name];
}

/** Writes the types of whole messages. */
export class MessageTypes {
  readonly #model: Model;
  readonly #client: ClientModel;
  readonly #source: SourceFile;
  readonly #options: PluginOptions;

  constructor(model: Model, client: ClientModel, source: SourceFile, options: PluginOptions) {
    this.#model = model;
    this.#client = client;
    this.#source = source;
    this.#options = options;
  }

  /** The type of a request message: ts-proto's type. */
  request(name: string): string {
    const scalar = wrappedScalar(name);
    if (scalar !== undefined) return SCALAR[scalar] ?? "number";
    const wellKnown = wellKnownType(name);
    if (wellKnown !== undefined) return wellKnown(this.#source);
    return this.ofTable(messageOf(this.#model, name));
  }

  /** The type of a message's table: ts-proto's type without the fields that are left out. */
  ofTable({ localName, file, leftOut }: MessageModel): string {
    const type = this.#source.importType(localName, messagesModule(file, this.#options));
    return leftOut === undefined ? type : `Omit<${type}, ${leftOut.map(string).join(" | ")}>`;
  }

  /** The type of a response message: ts-proto's type, with JSON in place of each `Any`. */
  response(name: string): string {
    const type = this.request(name);
    return this.#client.withAny.has(name) && wellKnownType(name) === undefined
      ? `${this.#source.importType("WithAnyJson", CLIENT_RUNTIME)}<${type}>`
      : type;
  }
}
