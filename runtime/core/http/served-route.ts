import type { BytesForm } from "../json/bytes-form.js";
import { BYTES_PARAMETER, type BytesForms } from "../transcode/requested-bytes.js";
import type { ServedRoute } from "./exchange.js";

/** What of a route does not depend on how bytes are JSON. */
type Common = Omit<ServedRoute, "request" | "response" | "errors" | "bytesInQuery" | "inForms">;

/** What does. */
type Transcoders = Pick<ServedRoute, "request" | "response" | "errors">;

/**
 * Makes a route that is ready to serve. It has its transcoders for the default form of bytes from the beginning; those
 * for other forms are made when the first request asks for them.
 *
 * @param byDefault how bytes are JSON, unless a request says otherwise
 */
export function servedRoute(
  common: Common,
  byDefault: BytesForm,
  transcoders: (forms: BytesForms) => Transcoders,
): ServedRoute {
  const { binding, rpc } = common;
  const bytesInQuery = binding.body === "*" || rpc.request.fields.every((field) => !isNamed(field, BYTES_PARAMETER));
  const made = new Map<string, ServedRoute>();
  const inForms = (forms: BytesForms): ServedRoute => {
    const key = `${forms.request} ${forms.response}`;
    const route = made.get(key) ?? { ...common, ...transcoders(forms), bytesInQuery, inForms };
    made.set(key, route);
    return route;
  };
  return inForms({ request: byDefault, response: byDefault });
}

function isNamed({ name, jsonName }: { readonly name: string; readonly jsonName: string }, parameter: string): boolean {
  return name === parameter || jsonName === parameter;
}
