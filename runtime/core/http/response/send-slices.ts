import type { IncomingMessage, ServerResponse } from "node:http";
import type { SlicedBody } from "../../transcode/response-body.js";

/** Whether the client of a request takes bodies whose length is not known when they begin. */
export function takesSlices({ method, httpVersion }: IncomingMessage): boolean {
  return method !== "HEAD" && httpVersion !== "1.0";
}

/**
 * Answers 200 with one message, slice by slice: each in a turn of the event loop of its own, when the client has taken
 * the one before. If the client goes away, no more are made.
 *
 * @param onError takes what making a slice throws, before the response has begun or in the middle of it
 */
export function sendSlices(
  res: ServerResponse,
  { contentType, slices }: SlicedBody,
  headers: Readonly<Record<string, string | string[]>>,
  onError: (thrown: unknown) => void,
): void {
  let waits = false;
  const sendNext = (): void => {
    // The app may have ended it meanwhile.
    if (res.destroyed || res.writableEnded) return;
    try {
      const { done, value } = slices.next();
      if (done === true) {
        res.end();
        return;
      }
      if (value !== undefined) {
        if (!res.headersSent) {
          res.writeHead(200, { ...headers, "Content-Type": contentType, "X-Content-Type-Options": "nosniff" });
        }
        waits = !res.write(value);
      }
      if (!waits) setImmediate(sendNext);
    } catch (error) {
      onError(error);
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
