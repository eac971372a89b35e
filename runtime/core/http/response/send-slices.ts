import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpHeaders } from "../../transcode/headers/app-headers.js";
import type { SlicedBody } from "../../transcode/response-body.js";
import { headOfBody } from "./body-head.js";
import { failResponse } from "./failed-response.js";
import type { ResponseHead } from "./response-heads.js";
import { addTrailers, trailerNames } from "./trailers.js";

/** Whether the client of a request accepts bodies whose length is unknown when they begin. */
export function takesSlices({ method, httpVersion }: IncomingMessage): boolean {
  return method !== "HEAD" && httpVersion !== "1.0";
}

/** Observes the sending of a message. */
export interface SlicesListener {
  /** A slice of this many bytes is about to be written. */
  onSlice(bytes: number): void;
  /** Creating a slice has failed, before the response has begun or in the middle of it. */
  onError(thrown: unknown): void;
}

/**
 * Responds with one message, slice by slice, unless another response has begun. Each slice has its own turn of the
 * event loop, and waits until the client has accepted the one before. If the client disconnects, no more slices are
 * created. Never throws.
 *
 * @param trailers the trailers after the body, if there are any and the client accepts them
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
      const head = headOfBody(headers, contentType);
      if (trailers !== undefined) head["Trailer"] = trailerNames(trailers);
      res.writeHead(status, head);
      hasBegun = true;
    }
    listener.onSlice(slice.length);
    // A hook of the app may have ended the response.
    return res.writableEnded || res.write(slice);
  };
  const sendNext = (): void => {
    // Meanwhile the app may have ended the response, or begun its own.
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
    // Not at once: if the connection accepts slice after slice, nothing else would get a turn of the event loop.
    setImmediate(sendNext);
  });
  sendNext();
}
