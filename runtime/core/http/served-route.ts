import type { BytesForm } from "../json/bytes-form.js";
import type { JsonStyle } from "../json/style/json-style.js";
import { BYTES_PARAMETER, type BytesForms, type RequestedJson } from "../transcode/requested-json.js";
import type { ServedRoute } from "./exchange.js";

/** What of a route does not depend on how messages are JSON. */
type Common = Omit<ServedRoute, "request" | "response" | "errors" | "bytesInQuery" | "withJson">;

/** What does. */
type Transcoders = Pick<ServedRoute, "request" | "response" | "errors">;

/**
 * Makes a route that is ready to serve. It has its transcoders for the default JSON from the beginning; those for other
 * JSON are made when the first request asks for it.
 *
 * @param byDefault how bytes are JSON, unless a request says otherwise
 */
export function servedRoute(
  common: Common,
  byDefault: BytesForm,
  transcoders: (bytes: BytesForms, style: JsonStyle) => Transcoders,
): ServedRoute {
  const { binding, rpc } = common;
  const bytesInQuery = binding.body === "*" || rpc.request.fields.every((field) => !isNamed(field, BYTES_PARAMETER));
  const made = new Map<string, ServedRoute>();
  const withJson = ({ bytes, style }: RequestedJson): ServedRoute => {
    const forms = bytes ?? { request: byDefault, response: byDefault };
    const key = `${forms.request} ${forms.response} ${style.names} ${style.defaults}`;
    const route = made.get(key) ?? { ...common, ...transcoders(forms, style), bytesInQuery, withJson };
    made.set(key, route);
    return route;
  };
  return withJson({ bytes: undefined, style: {} });
}

function isNamed({ name, jsonName }: { readonly name: string; readonly jsonName: string }, parameter: string): boolean {
  return name === parameter || jsonName === parameter;
}
