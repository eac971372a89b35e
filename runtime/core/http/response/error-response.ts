import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "../../errors/gateway-error.js";
import { type ErrorBody, v2Errors } from "../../transcode/error-format.js";
import { ErrorWriter } from "../../transcode/error-writer.js";
import type { HttpHeaders } from "../../transcode/headers/app-headers.js";
import type { WrittenError } from "../../transcode/written-error.js";
import { headOfBody } from "./body-head.js";
import { endAndClose, endResponse } from "./end-response.js";
import { failResponse } from "./failed-response.js";
import { isBodiless } from "./message-response.js";
import { addTrailers, trailerNames } from "./trailers.js";

/** The parts of an error response that do not come from the error itself. */
export interface ErrorResponseParts {
  /** The body. By default it is the error as its format writes it. */
  readonly body?: ErrorBody;
  /** Further response headers: those of the call. */
  readonly headers?: HttpHeaders;
  /** The trailers of the call, if the client accepts them. */
  readonly trailers?: HttpHeaders | undefined;
}

/**
 * Sends an error. All errors are sent here, except those of requests that Node.js does not pass on. If a response has
 * already begun, for example by middleware with a time limit, it stays as it is. If a body is rejected because it is too
 * long or too slow, the rest of it is not read, and the connection is closed. Never throws.
 */
export function sendError(
  req: IncomingMessage,
  res: ServerResponse,
  written: WrittenError,
  { body = written.body(), headers = {}, trailers }: ErrorResponseParts = {},
): void {
  if (res.headersSent) return;
  const { status } = written;
  const closes = !req.complete && (status === 413 || status === 408);
  try {
    const common = { ...headers, ...written.headers, ...(closes && { Connection: "close" }) };
    if (isBodiless(status)) res.writeHead(status, common);
    else {
      const bytes = Buffer.from(body.text);
      const head = headOfBody(common, body.contentType);
      head["Content-Type"] = body.contentType;
      if (trailers === undefined) head["Content-Length"] = bytes.length;
      else head["Trailer"] = trailerNames(trailers);
      res.writeHead(status, head);
      // A hook of the app may have ended the response.
      if (!res.writableEnded) res.write(bytes);
      addTrailers(res, trailers);
    }
  } catch (thrown) {
    failResponse(res, thrown);
    return;
  }
  if (closes) endAndClose(req, res);
  else endResponse(req, res);
}

const ERRORS = new ErrorWriter(v2Errors);

/**
 * Sends an error from a handler beside a gateway, in the JSON of grpc-gateway v2. Anything that is not a `GatewayError`
 * is sent as by {@link GatewayError.from}. If a response has already begun, it stays as it is. Never throws.
 */
export function respondWithError(req: IncomingMessage, res: ServerResponse, thrown: unknown): void {
  sendError(req, res, ERRORS.write(GatewayError.from(thrown), req));
}
