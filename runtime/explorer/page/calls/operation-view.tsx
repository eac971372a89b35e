import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Mistake, mistakesOf } from "../api/check-message.js";
import { withBytes } from "../api/convert-bytes.js";
import type { Operation } from "../api/description.js";
import { splitJson } from "../api/json-node.js";
import { useApp } from "../app/app-context.js";
import { session } from "../app/user-session.js";
import { CodeEditor } from "../editor/code-editor.js";
import { Button } from "../parts/button.js";
import { Choice } from "../parts/choice.js";
import { copyText } from "../parts/clipboard.js";
import { Note } from "../parts/note.js";
import { tell } from "../parts/toast.js";
import { completionsIn } from "./completions.js";
import { Conversation } from "./conversation.js";
import { curlCommand } from "./curl.js";
import { bindingOf, type Draft, requestOf } from "./draft-request.js";
import { exampleDraft } from "./drafts.js";
import { Markdown } from "./markdown.js";
import { ParameterForm } from "./parameter-form.js";
import { ResponsesView } from "./responses-view.js";
import { openCall, runCall } from "./run-call.js";
import { RunningCall } from "./running-call.js";
import { typeScriptOf } from "./typescript.js";

/** The user's draft for each operation, restored when the user comes back to it. */
const drafts = new Map<string, Draft>();

/** Shows a call: its documentation, its request and its responses. */
export function OperationView({ operation }: { operation: Operation }): JSX.Element {
  const app = useApp();
  const { api, config, etcd, exposure } = app;
  const [draft, setDraft] = useState<Draft>(() => drafts.get(operation.id) ?? exampleDraft(api, operation));
  /** The initial text of the editor, and how often it has been set. */
  const [start, setStart] = useState({ text: draft.body, generation: 0 });
  const [call, setCall] = useState<RunningCall>();
  const binding = bindingOf(operation, draft);
  const isOff = !exposure.allows(operation);
  const [server = { path: "", description: "" }] = api.servers;
  const expected = { api, schema: binding.body, bytes: draft.bytes, isStream: operation.isRequestStream };
  const mistakes = useMemo(
    () => (binding.body === undefined ? [] : mistakesOf(draft.body, expected)),
    [draft.body, draft.bytes, binding],
  );
  useEffect(() => () => call?.stop(), [call]);
  const progress = (call?.progress ?? NONE).value;
  useEffect(() => {
    if (progress?.error !== undefined) exposure.learn(operation.id, progress.error);
  }, [progress, exposure, operation]);

  function change(changed: Partial<Draft>): void {
    setDraft((before) => {
      const after = { ...before, ...changed };
      drafts.set(operation.id, after);
      return after;
    });
  }

  /** Replaces the text in the editor. */
  function put(changed: Partial<Draft> & { readonly body: string }): void {
    change(changed);
    setStart(({ generation }) => ({ text: changed.body, generation: generation + 1 }));
  }

  /** Calls a function with the request, or shows why the request cannot be made. */
  function withRequest(act: (request: ReturnType<typeof requestOf>) => void): void {
    try {
      act(requestOf(operation, draft, server.path));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      tell(error.message, "bad");
    }
  }

  const conversation = call instanceof Conversation && draft.way === "websocket" ? call : undefined;
  const isRunning = progress?.state === "running";
  const isHalfClosed = progress?.isHalfClosed === true;
  const canSend = !isOff && !isUnreadable(mistakes) && (!isRunning || (conversation !== undefined && !isHalfClosed));

  function send(): void {
    if (!canSend) return;
    withRequest((request) => {
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
    });
  }

  return (
    <div class="call">
      <div class="call-request">
        <h2>
          {operation.group}.{operation.name}
          {operation.isDeprecated && <span class="badge warn">deprecated</span>}
        </h2>
        <p class="summary">{operation.summary}</p>
        <Markdown text={operation.description} />
        <p class="wire mono">
          <span class="badge">{binding.method}</span> /{server.path}
          {binding.path}
        </p>
        {operation.bindings.length > 1 && (
          <Choice
            label="Path"
            value={String(draft.binding)}
            options={operation.bindings.map(({ path }, index) => ({ value: String(index), label: path }))}
            onChange={(index) => put({ ...exampleDraft(api, operation, Number(index)), way: draft.way })}
          />
        )}
        {operation.isRequestStream && (
          <Choice
            label="Send over"
            value={draft.way}
            options={[
              { value: "http", label: "One HTTP request" },
              { value: "websocket", label: "WebSocket" },
            ]}
            onChange={(way) => {
              call?.stop();
              change({ way });
            }}
          />
        )}
        {isOff && (
          <Note kind="warning" title="This gateway has switched the call off">
            <p>The call fails with 403. The gateway's option `expose` lists the rpcs that can be called.</p>
          </Note>
        )}
        <ParameterForm
          parameters={binding.parameters}
          values={draft.values}
          onChange={(name, value) => change({ values: { ...draft.values, [name]: value } })}
        />
        {binding.body !== undefined && (
          <div class="editor-box">
            <div class="toolbar">
              {operation.hasBytes ? (
                <Choice
                  label="Bytes as"
                  value={draft.bytes}
                  options={[
                    { value: "text", label: "Text" },
                    { value: "base64", label: "Base64" },
                  ]}
                  onChange={(bytes) => put({ bytes, body: withBytes(draft.body, api, binding.body, bytes) })}
                />
              ) : (
                <span class="dim small">{operation.isRequestStream ? "Messages" : "Message"}</span>
              )}
              <Button
                label="Example"
                kind="quiet"
                hint="Restores the example from the description"
                onClick={() => put({ ...exampleDraft(api, operation, draft.binding), way: draft.way })}
              />
            </div>
            <CodeEditor
              label="Request in JSON"
              text={start.text}
              generation={start.generation}
              language="json"
              onChange={(body) => change({ body })}
              check={(text) => mistakesOf(text, expected).map((mistake) => ({ ...mistake, severity: "error" }))}
              complete={(context) => completionsIn(context, api, binding.body)}
              onSubmit={send}
            />
          </div>
        )}
        <div class="call-actions">
          {(!isRunning || conversation !== undefined) && (
            <Button label="Send" icon="play" kind="main" hint="Ctrl+Enter" disabled={!canSend} onClick={send} />
          )}
          {isRunning && conversation !== undefined && (
            <Button
              label="End requests"
              hint="No more messages follow. The call goes on until the server ends it."
              disabled={isHalfClosed}
              onClick={() => conversation.end()}
            />
          )}
          {isRunning && <Button label="Stop" icon="stop" kind="danger" onClick={() => call?.stop()} />}
          <Button
            label="Copy as curl"
            icon="copy"
            onClick={() =>
              withRequest(
                (request) =>
                  void copyText(curlCommand(request, config.baseUrl, operation.isStream, session.peek() !== undefined)),
              )
            }
          />
          <Button
            label="Copy as TypeScript"
            icon="copy"
            onClick={() =>
              withRequest((request) => {
                const place = {
                  api,
                  baseUrl: config.baseUrl.href.replace(/\/$/, ""),
                  clients: exposure.has("KV_Range") ? { ...etcd } : {},
                };
                void copyText(typeScriptOf(place, operation, draft, request));
              })
            }
          />
          {mistakes.length > 0 && (
            <span class="problem small">
              {mistakes.length === 1 ? mistakes[0]?.message : `${mistakes.length} mistakes`}
            </span>
          )}
        </div>
      </div>
      <ResponsesView progress={progress} isStream={operation.isStream} />
    </div>
  );
}

/** The progress when no call has been made. */
const NONE = signal(undefined);

/**
 * Whether the text is not JSON and cannot be sent. JSON that does not fit the schema can be sent: the server explains
 * more than the page knows.
 */
function isUnreadable(mistakes: readonly Mistake[]): boolean {
  return mistakes.some(({ isSyntax }) => isSyntax);
}
