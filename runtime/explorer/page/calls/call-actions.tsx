import type { JSX } from "preact";
import type { Operation } from "../api/description.js";
import { useApp } from "../app/app-context.js";
import { session } from "../app/user-session.js";
import { Button } from "../parts/button.js";
import { copyText } from "../parts/clipboard.js";
import type { Conversation } from "./conversation.js";
import { curlCommand } from "./curl.js";
import type { Draft, WireRequest } from "./request/draft-request.js";
import type { CallProgress } from "./running-call.js";
import { typeScriptOf } from "./typescript.js";

interface CallButtonsProps {
  /** The progress of the last call, if there was one. */
  readonly progress: CallProgress | undefined;
  /** The call, if it is one over WebSocket. */
  readonly conversation: Conversation | undefined;
  readonly canSend: boolean;
  readonly onSend: () => void;
  readonly onStop: () => void;
}

/** The buttons that begin, continue and end a call. */
export function CallButtons({ progress, conversation, canSend, onSend, onStop }: CallButtonsProps): JSX.Element {
  const isRunning = progress?.state === "running";
  return (
    <>
      {(!isRunning || conversation !== undefined) && (
        <Button label="Send" icon="play" kind="main" hint="Ctrl+Enter" disabled={!canSend} onClick={onSend} />
      )}
      {isRunning && conversation !== undefined && (
        <Button
          label="End requests"
          hint="No more messages follow. The call goes on until the server ends it."
          disabled={progress.isHalfClosed}
          onClick={() => conversation.end()}
        />
      )}
      {isRunning && <Button label="Stop" icon="stop" kind="danger" onClick={onStop} />}
    </>
  );
}

interface CopyButtonsProps {
  readonly operation: Operation;
  readonly draft: Draft;
  /** Calls a function with the request, or shows why the request cannot be made. */
  readonly withRequest: (act: (request: WireRequest) => void) => void;
}

/** The buttons that copy a call for use elsewhere. */
export function CopyButtons({ operation, draft, withRequest }: CopyButtonsProps): JSX.Element {
  const { api, config, etcd, exposure } = useApp();

  function copyCurl(request: WireRequest): void {
    void copyText(curlCommand(request, config.baseUrl, operation.isStream, session.peek() !== undefined));
  }

  function copyTypeScript(request: WireRequest): void {
    const context = {
      api,
      baseUrl: config.baseUrl.href.replace(/\/$/, ""),
      clients: exposure.has("KV_Range") ? { ...etcd } : {},
    };
    void copyText(typeScriptOf(context, operation, draft, request));
  }

  return (
    <>
      <Button label="Copy as curl" icon="copy" onClick={() => withRequest(copyCurl)} />
      <Button label="Copy as TypeScript" icon="copy" onClick={() => withRequest(copyTypeScript)} />
    </>
  );
}
