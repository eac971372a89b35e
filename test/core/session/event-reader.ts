import type { IncomingMessage } from "node:http";

/** An event, as a browser dispatches it. */
export interface Event {
  readonly type: string;
  readonly data: string;
  /** The last id in the stream. */
  readonly id: string;
}

/**
 * Reads a stream of server-sent events as the specification describes. It also records comments and `retry` fields.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventReader {
  readonly #lines: AsyncIterator<string>;
  /** The comments received so far. */
  readonly comments: string[] = [];
  /** The last `retry`, in milliseconds. */
  retry: number | undefined;
  /** The id to reconnect with. A stream can set it and reset it. */
  id = "";

  constructor(response: IncomingMessage) {
    this.#lines = linesOf(response);
  }

  /** Returns the next event, or `undefined` at the end of the stream. An incomplete event is discarded. */
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

/** Splits a text into terminated lines. A line ends with a line feed, a carriage return, or both. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string, undefined> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) {
    const lines = `${text}${chunk}`.split(/\r\n|\n|\r/);
    text = lines.pop() ?? "";
    yield* lines;
  }
  return undefined;
}
