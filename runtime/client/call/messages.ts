import type { JsonValue } from "../json/json-value.js";

/** `google.protobuf.Any` as ts-proto has it. */
interface PackedAny {
  type_url: string;
  value: Uint8Array;
}

/** `google.protobuf.Any` as HTTP has it: the JSON of a message, with its type. */
export interface AnyJson {
  readonly "@type": string;
  readonly [name: string]: JsonValue;
}

type IsAny<T> = 0 extends 1 & T ? true : false;
/** Whether an object is `google.protobuf.Any`, of ts-proto or of HTTP. */
type IsPacked<T> = T extends AnyJson ? true : T extends PackedAny ? (PackedAny extends T ? true : false) : false;
type Plain = string | number | bigint | boolean | null | undefined;

/**
 * What a request may be, of a message as ts-proto has it: without what has its default, and with strings for bytes, which
 * are their UTF-8.
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

/** A message with strings where it has bytes, if these are valid UTF-8. */
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

/** A message with JSON where it has a `google.protobuf.Any`. */
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

/** A response: with text for bytes, if the call asks for it. */
export type Output<T, Text extends boolean> = Text extends true ? WithText<T> : T;
