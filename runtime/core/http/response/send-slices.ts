import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../call/app-headers.js";
import type { SlicedBody } from "../../transcode/response-body.js";
import { failResponse } from "./failed-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers, trailerNames } from "./trailers.js";

/** Whether the client of a request takes bodies whose length is not known when they begin. */
export function takesSlices({ method, httpVersion }: IncomingMessage): boolean {
  return method !== "HEAD" && httpVersion !== "1.0";
}

/** Hears how a message is sent. */
export interface SlicesListener {
  /** A slice of so many bytes is written. */
  onSlice(bytes: number): void;
  /** Making a slice has failed, before the response has begun or in the middle of it. */
  onError(thrown: unknown): void;
}

/**
 * Answers with one message, slice by slice, unless another has begun to answer: each in a turn of the event loop of its
 * own, when the client has taken the one before. If the client goes away, no more are made. Never throws.
 *
 * @param trailers what follows the body, if the client takes it
 */
export function sendSlices(
  res: ServerResponse,
  { contentType, slices }: SlicedBody,
  { status, headers }: ResponseHead,
  trailers: HttpHeaders | undefined,
  listener: SlicesListener,
): void {
  let waits = false;
  let hasBegun = false;
  const write = (slice: Buffer): boolean => {
    if (!hasBegun) {
      res.writeHead(status, {
        ...headers,
        "Content-Type": headers["Content-Type"] ?? contentType,
        "X-Content-Type-Options": "nosniff",
        ...(trailers !== undefined && { Trailer: trailerNames(trailers) }),
      });
      hasBegun = true;
    }
    listener.onSlice(slice.length);
    // A hook of the app may have ended it.
    return res.writableEnded || res.write(slice);
  };
  const sendNext = (): void => {
    // The app may have ended it meanwhile, or begun an answer of its own.
    if (res.destroyed || res.writableEnded || (res.headersSent && !hasBegun)) return;
    let next: IteratorResult<Buffer | undefined, void>;
    try {
      next = slices.next();
    } catch (error) {
      listener.onError(error);
      return;
    }
    try {
      if (next.done === true) {
        addTrailers(res, trailers);
        res.end();
        return;
      }
      if (next.value !== undefined) waits = !write(next.value);
      if (!waits) setImmediate(sendNext);
    } catch (error) {
      failResponse(res, error);
    }
  };
  res.on("drain", () => {
    if (!waits) return;
    waits = false;
    // Not at once: the connection may take slice after slice, and nobody else would have a turn.
    setImmediate(sendNext);
  });
  sendNext();
}
