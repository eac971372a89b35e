import type { IncomingHttpHeaders } from "node:http";
import { GatewayError } from "../errors/gateway-error.js";
import { Status } from "../errors/status.js";
import type { JsonReadOptions } from "../json/read/message-reader.js";
import { type RequiredFields, requiredFields } from "../json/wire/required-fields.js";
import { bodyRuleOf, bodyToWire } from "./body/body-to-wire.js";
import { RequestComposer } from "./request-composer.js";
import type { Route } from "./route.js";

/** What a request says beside its body. */
export interface RequestHead {
  /** The values of the binding's path variables, in their order, percent-decoded. */
  readonly variables: readonly string[];
  readonly req: { readonly url?: string | undefined; readonly headers: IncomingHttpHeaders };
}

/**
 * Makes the request messages of a route from what HTTP requests say: body, path variables and query. How is decided
 * once; a binding that takes a whole body and nothing else costs nothing more.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto
 */
export class RequestTranscoder {
  /** Whether the binding has a body; if not, that of a request is not read. */
  readonly readsBody: boolean;
  /** Whether the body is bytes to be passed on, rather than JSON. */
  readonly raw: boolean;
  /**
   * The request message's wire bytes. An empty body is an absent one.
   *
   * @throws JsonError if the body is not JSON, or does not fit; GatewayError `INVALID_ARGUMENT` if a path variable or a
   *   query parameter does not, or a required field is in none of them
   */
  readonly wire: ToWire;

  /** @throws TypeError if the binding does not fit the message; it says which rpc and binding, and what to do */
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

/** The message, if it has all fields that it must have: a server would refuse its bytes without a word of which is missing. */
function complete(wire: Buffer, required: RequiredFields): Buffer {
  const missing = required.missing(wire);
  if (missing === undefined) return wire;
  throw new GatewayError(Status.INVALID_ARGUMENT, `${missing}: a required field is missing`);
}
