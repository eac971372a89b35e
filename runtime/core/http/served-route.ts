import type { BytesForm } from "../json/bytes-form.js";
import type { JsonStyle } from "../json/style/json-style.js";
import type { Places } from "../session/limit/places.js";
import type { SessionRoute } from "../session/session-request.js";
import type { NumberEvents } from "../session/stream-events.js";
import type { ErrorWriter } from "../transcode/error-writer.js";
import { BYTES_PARAMETER, type BytesForms, type RequestedJson } from "../transcode/requested-json.js";

/** A route that is ready to serve. */
export interface ServedRoute extends SessionRoute {
  /** Writes the errors of the route. */
  readonly errors: ErrorWriter;
  /** Whether clients may call it. If not, requests fail with the error of `notExposed`. */
  readonly exposed: boolean;
  /** Numbers the events of the route's streams. `undefined` if its events have no ids. */
  readonly numberEvents: NumberEvents | undefined;
  readonly places: Places;
  /**
   * Whether the query parameter `bytes` chooses the JSON form of bytes. If not, it is a field of the request message.
   */
  readonly bytesInQuery: boolean;
  /** Returns the same route with the JSON form that a request asks for. */
  withJson(json: RequestedJson): ServedRoute;
}

/** The parts of a route that do not depend on the JSON form of messages. */
type Common = Omit<ServedRoute, "requestTranscoder" | "responseTranscoder" | "errors" | "bytesInQuery" | "withJson">;

/** The parts of a route that depend on the JSON form of messages. */
type Transcoders = Pick<ServedRoute, "requestTranscoder" | "responseTranscoder" | "errors">;

/**
 * Creates a route that is ready to serve. The transcoders for the default JSON form are created at once, those for
 * other forms when the first request asks for them.
 *
 * @param byDefault the JSON form of bytes if a request does not choose one
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
