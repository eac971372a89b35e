import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { JsonReadOptions } from "../json/read/json-read-options.js";
import { type RequiredFields, requiredFields } from "../json/wire/required-fields.js";
import { bodyRuleOf, bodyToWire } from "./body/body-to-wire.js";
import { RequestComposer } from "./request-composer.js";
import type { RequestHead } from "./request-head.js";
import type { Route } from "./route.js";

/**
 * Converts the body, the path variables and the query of HTTP requests to the request messages of a route. The
 * constructor decides how, so that a binding with a whole body and nothing else has no extra cost.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export class RequestTranscoder {
  /** Whether the binding has a body. If not, the request's body is not read. */
  readonly readsBody: boolean;
  /** Whether the body is raw bytes to pass on, not JSON. */
  readonly raw: boolean;
  /**
   * Returns the request message's wire bytes. An empty body counts as an absent one.
   *
   * @throws JsonError if the body is not JSON, or does not fit the message; GatewayError `INVALID_ARGUMENT` if a path
   *   variable or a query parameter does not fit, or a required field is missing
   */
  readonly wire: ToWire;

  /** @throws TypeError if the binding does not fit the message, with the RPC, the binding and what to do */
  constructor(route: Route, options: JsonReadOptions) {
    const rule = bodyRuleOf(route);
    this.readsBody = rule !== undefined;
    this.raw = rule?.raw ?? false;
    const variables = route.binding.variables ?? [];
    const required = requiredFields(route.rpc.request);
    let wire: ToWire;
    if (rule !== undefined && rule.field === undefined && variables.length === 0) {
      wire = bodyToWire(route.rpc.request, rule, options);
    } else {
      const composer = new RequestComposer(route, rule, options);
      wire = (body, head) => composer.wire(body, head);
    }
    this.wire = required === undefined ? wire : (body, head) => complete(wire(body, head), required);
  }
}

type ToWire = (body: Buffer, head: RequestHead) => Buffer;

/** Returns the message if it has all required fields. A server would refuse it without saying which one is missing. */
function complete(wire: Buffer, required: RequiredFields): Buffer {
  const missing = required.missing(wire);
  if (missing === undefined) return wire;
  throw new GatewayError(Status.INVALID_ARGUMENT, `${missing}: a required field is missing`);
}
