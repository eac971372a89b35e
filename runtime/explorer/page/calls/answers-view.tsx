import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ErrorNote } from "../app/error-note.js";
import { IconButton } from "../parts/button.js";
import { copyText } from "../parts/clipboard.js";
import { JsonView } from "../parts/json-view.js";
import { Empty } from "../parts/note.js";
import type { Answer, Progress } from "./running-call.js";

interface AnswersViewProps {
  /** `undefined`: nothing has been sent. */
  readonly progress: Progress | undefined;
  readonly isStream: boolean;
}

/** What a call has answered so far. */
export function AnswersView({ progress, isStream }: AnswersViewProps): JSX.Element {
  const end = useRef<HTMLDivElement>(null);
  const count = progress?.count;
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [count]);
  if (progress === undefined) {
    return (
      <div class="answers">
        <Empty icon="calls" title={isStream ? "Messages appear here" : "The answer appears here"} />
      </div>
    );
  }
  const { state, answers, error } = progress;
  return (
    <div class="answers">
      <p class="answers-head" role="status">
        <State progress={progress} isStream={isStream} />
      </p>
      {answers.map((answer) => (
        <Message key={answer.number} answer={answer} isStream={isStream} />
      ))}
      {error !== undefined && <ErrorNote error={error} />}
      {state === "done" && count === 0 && <p class="dim">The stream ended without a message.</p>}
      <div ref={end} />
    </div>
  );
}

function State({ progress: { state, count, took }, isStream }: { progress: Progress; isStream: boolean }): JSX.Element {
  const word = { running: isStream ? "open" : "waiting", done: "done", stopped: "stopped", failed: "failed" }[state];
  const kind = { running: "create", done: "good", stopped: "", failed: "bad" }[state];
  return (
    <>
      <span class={`badge ${kind}`}>{word}</span>
      {isStream && <span>{count === 1 ? "1 message" : `${count} messages`}</span>}
      {state !== "running" && <span class="dim">{timeText(took)}</span>}
    </>
  );
}

function Message({ answer: { number, after, text }, isStream }: { answer: Answer; isStream: boolean }): JSX.Element {
  return (
    <article class="message">
      <header>
        <span class="dim small">{isStream ? `Message ${number}, after ${timeText(after)}` : "Answer"}</span>
        <IconButton label="Copy this message" icon="copy" onClick={() => void copyText(text)} />
      </header>
      <JsonView text={text} label={isStream ? `Message ${number}` : "Answer"} />
    </article>
  );
}

function timeText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
