import type { IncomingMessage } from "node:http";

/** An event as a browser dispatches it. */
export interface Event {
  readonly type: string;
  readonly data: string;
  /** The last id that the stream has set. */
  readonly id: string;
}

/**
 * Reads a stream of server-sent events as the specification says, beside it what is no event: comments and `retry`.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventReader {
  readonly #lines: AsyncIterator<string>;
  /** The comments so far. */
  readonly comments: string[] = [];
  /** The last `retry`, in milliseconds. */
  retry: number | undefined;
  /** The id to come back with. Each stream sets it anew, or takes it back. */
  id = "";

  constructor(response: IncomingMessage) {
    this.#lines = linesOf(response);
  }

  /** The next event; `undefined` at the end of the stream. An event that is cut off is none. */
  async next(): Promise<Event | undefined> {
    let type = "";
    let data: string | undefined;
    let { id } = this;
    for (;;) {
      const { done, value: line } = await this.#lines.next();
      if (done === true) return undefined;
      if (line === "") {
        this.id = id;
        if (data !== undefined) return { type: type || "message", data, id };
        type = "";
      } else if (line.startsWith(":")) {
        this.comments.push(line.slice(1));
      } else {
        const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
        if (name === "event") type = value;
        else if (name === "data") data = data === undefined ? value : `${data}\n${value}`;
        else if (name === "id") id = value;
        else if (name === "retry") this.retry = Number(value);
      }
    }
  }
}

/** The lines of a text that have an end: a line feed, a carriage return or both. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = `${text}${chunk}`.split(/\r\n|\n|\r/);
    text = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
