import type { JsonValue } from "../json/json-value.js";

/** `google.protobuf.Any` as ts-proto represents it. */
interface PackedAny {
  type_url: string;
  value: Uint8Array;
}

/** `google.protobuf.Any` as JSON: the JSON of a message, with its type URL. */
export interface AnyJson {
  readonly "@type": string;
  readonly [name: string]: JsonValue;
}

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Whether an object type is `google.protobuf.Any`, in ts-proto's form or in the JSON form. */
type IsPacked<T> = T extends AnyJson ? true : T extends PackedAny ? (PackedAny extends T ? true : false) : false;
type Plain = string | number | bigint | boolean | null | undefined;

/**
 * A ts-proto message as requests accept it. All fields are optional. Bytes may be given as strings, which are sent as
 * UTF-8.
 */
export type Input<T> =
  IsAny<T> extends true
    ? T
    : T extends Uint8Array
      ? Uint8Array | string
      : T extends Plain
        ? T
        : T extends readonly (infer Element)[]
          ? readonly Input<Element>[]
          : T extends ReadonlyMap<infer Key, infer Value>
            ? ReadonlyMap<Key, Input<Value>>
            : IsPacked<T> extends true
              ? AnyJson
              : T extends { $case: infer Case; value: infer Value }
                ? { readonly $case: Case; readonly value: Input<Value> }
                : { readonly [Name in keyof T]?: Input<T[Name]> | undefined };

/** A message whose bytes are strings if they are valid UTF-8. */
export type WithText<T> =
  IsAny<T> extends true
    ? T
    : T extends Uint8Array
      ? string | Uint8Array
      : T extends Plain | AnyJson
        ? T
        : T extends readonly (infer Element)[]
          ? WithText<Element>[]
          : T extends ReadonlyMap<infer Key, infer Value>
            ? Map<Key, WithText<Value>>
            : { [Name in keyof T]: WithText<T[Name]> };

/** A message whose `google.protobuf.Any` fields are JSON. */
export type WithAnyJson<T> =
  IsAny<T> extends true
    ? T
    : T extends Plain | Uint8Array
      ? T
      : T extends readonly (infer Element)[]
        ? WithAnyJson<Element>[]
        : T extends ReadonlyMap<infer Key, infer Value>
          ? Map<Key, WithAnyJson<Value>>
          : IsPacked<T> extends true
            ? AnyJson
            : { [Name in keyof T]: WithAnyJson<T[Name]> };

/** A response. Its bytes are text if the call asks for it. */
export type Output<T, Text extends boolean> = Text extends true ? WithText<T> : T;
