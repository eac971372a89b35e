import { GatewayError } from "../../errors/gateway-error.js";
import { Status } from "../../errors/status.js";
import { percentDecode, queryOf } from "./request-path.js";

/** A decoded query parameter. */
export interface QueryParameter {
  readonly name: string;
  readonly value: string;
}

/** The largest number of parameters in a query. */
const MOST_PARAMETERS = 1000;
/** The longest query, in characters. */
const LONGEST_QUERY = 64 * 1024;

const NONE: readonly QueryParameter[] = [];

/**
 * Parses the query of a request target (`req.url`) in the encoding of HTML forms: `name=value` joined by `&`, with `+`
 * for a space and other characters percent-encoded. A name without `=` has an empty value.
 *
 * @returns the parameters, in order
 * @throws GatewayError `INVALID_ARGUMENT` if an escape is malformed or there are more than 1,000 parameters; with the
 *   HTTP status 414 if the query is longer than 64 KiB
 */
export function queryParameters(target: string): readonly QueryParameter[] {
  const query = queryOf(target);
  if (query === "") return NONE;
  if (query.length > LONGEST_QUERY) {
    throw new GatewayError(
      Status.INVALID_ARGUMENT,
      `the query is longer than ${LONGEST_QUERY} characters: send a body instead`,
      { httpStatus: 414 },
    );
  }
  const pairs = query.split("&").filter((pair) => pair !== "");
  if (pairs.length > MOST_PARAMETERS) throw malformed(`there are more than ${MOST_PARAMETERS} parameters`);
  return pairs.map(parameterOf);
}

function parameterOf(pair: string): QueryParameter {
  const equals = pair.indexOf("=");
  const end = equals === -1 ? pair.length : equals;
  return { name: decode(pair.slice(0, end), pair), value: decode(pair.slice(end + 1), pair) };
}

function decode(text: string, pair: string): string {
  const decoded = percentDecode(text.replaceAll("+", " "));
  if (decoded === undefined) throw malformed(`${JSON.stringify(pair.slice(0, 64))} has a malformed percent-escape`);
  return decoded;
}

function malformed(problem: string): GatewayError {
  return new GatewayError(Status.INVALID_ARGUMENT, `the query cannot be read: ${problem}`);
}
