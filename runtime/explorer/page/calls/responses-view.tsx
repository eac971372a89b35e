import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ErrorNote } from "../app/error-note.js";
import { IconButton } from "../parts/button.js";
import { copyText } from "../parts/clipboard.js";
import { JsonView } from "../parts/json-view.js";
import { Empty } from "../parts/note.js";
import type { CallProgress, Message } from "./running-call.js";

interface ResponsesViewProps {
  /** `undefined` if nothing has been sent. */
  readonly progress: CallProgress | undefined;
  readonly isStream: boolean;
}

/** Shows the messages of a call so far. */
export function ResponsesView({ progress, isStream }: ResponsesViewProps): JSX.Element {
  const end = useRef<HTMLDivElement>(null);
  const last = progress?.messages.at(-1);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [last]);
  if (progress === undefined) {
    return (
      <div class="responses">
        <Empty icon="calls" title={isStream ? "Messages appear here" : "The response appears here"} />
      </div>
    );
  }
  const { state, messages, count, error } = progress;
  return (
    <div class="responses">
      <p class="responses-head" role="status">
        <State progress={progress} isStream={isStream} />
      </p>
      {messages.map((message) => (
        <MessageView key={`${message.kind} ${message.number}`} message={message} isStream={isStream} />
      ))}
      {error !== undefined && <ErrorNote error={error} />}
      {state === "done" && count.received === 0 && <p class="dim">The stream ended without a message.</p>}
      <div ref={end} />
    </div>
  );
}

function State({
  progress: { state, count, took },
  isStream,
}: {
  progress: CallProgress;
  isStream: boolean;
}): JSX.Element {
  const word = { running: isStream ? "open" : "waiting", done: "done", stopped: "stopped", failed: "failed" }[state];
  const kind = { running: "create", done: "good", stopped: "", failed: "bad" }[state];
  return (
    <>
      <span class={`badge ${kind}`}>{word}</span>
      {count.sent > 0 && <span>{countText(count.sent, "sent")}</span>}
      {isStream && <span>{countText(count.received, count.sent > 0 ? "received" : "")}</span>}
      {state !== "running" && <span class="dim">{timeText(took)}</span>}
    </>
  );
}

function MessageView({ message, isStream }: { message: Message; isStream: boolean }): JSX.Element {
  const { kind, number, after, text } = message;
  const name = kind === "sent" ? `Sent ${number}` : isStream ? `Message ${number}` : "Response";
  return (
    <article class={`message ${kind}`}>
      <header>
        <span class="dim small">{isStream || kind === "sent" ? `${name}, after ${timeText(after)}` : name}</span>
        <IconButton label="Copy this message" icon="copy" onClick={() => void copyText(text)} />
      </header>
      <JsonView text={text} label={name} />
    </article>
  );
}

function countText(count: number, word: string): string {
  return `${count} ${count === 1 ? "message" : "messages"} ${word}`.trim();
}

function timeText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
