import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Operation } from "../api/description.js";
import { splitJson } from "../api/json-node.js";
import { useApp } from "../app/app-context.js";
import { Conversation } from "./conversation.js";
import type { Draft, WireRequest } from "./request/draft-request.js";
import { openCall, runCall } from "./run-call.js";
import { type CallProgress, RunningCall } from "./running-call.js";

/** The progress when no call has been made. */
const NONE = signal(undefined);

/** The last call of an operation. */
interface CurrentCall {
  /** `undefined` if no call has been made. */
  readonly progress: CallProgress | undefined;
  /** The call, if it is one over WebSocket. */
  readonly conversation: Conversation | undefined;
  /** Whether a call can begin, or the current one can send more messages. */
  readonly canSend: boolean;
  /** Begins a call, or sends the messages of the draft in the current one. */
  readonly send: (request: WireRequest) => void;
  readonly stop: () => void;
}

/** Makes calls of an operation, one at a time. The call ends when the component is removed. */
export function useCall(operation: Operation, draft: Draft): CurrentCall {
  const app = useApp();
  const { exposure } = app;
  const [call, setCall] = useState<RunningCall>();
  useEffect(() => () => call?.stop(), [call]);
  const progress = (call?.progress ?? NONE).value;
  useEffect(() => {
    if (progress?.error !== undefined) exposure.learn(operation.id, progress.error);
  }, [progress, exposure, operation]);
  const conversation = call instanceof Conversation && draft.way === "websocket" ? call : undefined;

  function send(request: WireRequest): void {
    const stop = new AbortController();
    if (draft.way === "http") {
      call?.stop();
      setCall(new RunningCall(runCall(app, operation, request, stop.signal), stop));
      return;
    }
    const open =
      conversation?.isOpen === true
        ? conversation
        : new Conversation(openCall(app, operation, request, stop.signal), stop);
    open.send(splitJson(draft.body));
    setCall(open);
  }

  return {
    progress,
    conversation,
    canSend: progress?.state !== "running" || (conversation !== undefined && !progress.isHalfClosed),
    send,
    stop: () => call?.stop(),
  };
}
