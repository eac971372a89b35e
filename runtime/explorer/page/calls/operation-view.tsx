import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { type Mistake, mistakesOf } from "../api/check-message.js";
import type { Binding, Operation } from "../api/description.js";
import { useApp } from "../app/app-context.js";
import { Choice } from "../parts/choice.js";
import { Note } from "../parts/note.js";
import { tell } from "../parts/toast.js";
import { CallButtons, CopyButtons } from "./call-actions.js";
import { useCall } from "./current-call.js";
import { Markdown } from "./markdown.js";
import { bindingOf, requestOf, type WireRequest } from "./request/draft-request.js";
import { type EditedDraft, useDraft } from "./request/edited-draft.js";
import { ParameterForm } from "./request/parameter-form.js";
import { RequestEditor } from "./request/request-editor.js";
import { ResponsesView } from "./responses-view.js";

/** Shows a call: its documentation, its request and its responses. */
export function OperationView({ operation }: { operation: Operation }): JSX.Element {
  const { api, exposure } = useApp();
  const edited = useDraft(api, operation);
  const { draft, change } = edited;
  const binding = bindingOf(operation, draft);
  const isOff = !exposure.allows(operation);
  const [server = { path: "", description: "" }] = api.servers;
  const expected = { api, schema: binding.body, bytes: draft.bytes, isStream: operation.isRequestStream };
  const mistakes = useMemo(
    () => (binding.body === undefined ? [] : mistakesOf(draft.body, expected)),
    [draft.body, draft.bytes, binding],
  );
  const call = useCall(operation, draft);
  const canSend = !isOff && !isUnreadable(mistakes) && call.canSend;

  function withRequest(act: (request: WireRequest) => void): void {
    try {
      act(requestOf(operation, draft, server.path));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      tell(error.message, "bad");
    }
  }

  function send(): void {
    if (canSend) withRequest(call.send);
  }

  return (
    <div class="call">
      <div class="call-request">
        <Heading operation={operation} binding={binding} server={server.path} />
        <Choices operation={operation} edited={edited} onWay={call.stop} />
        {isOff && (
          <Note kind="warning" title="This gateway has switched the call off">
            <p>The call fails with 403. The gateway's option `expose` lists the RPCs that can be called.</p>
          </Note>
        )}
        <ParameterForm
          parameters={binding.parameters}
          values={draft.values}
          onChange={(name, value) => change({ values: { ...draft.values, [name]: value } })}
        />
        {binding.body !== undefined && (
          <RequestEditor operation={operation} edited={edited} expected={expected} onSubmit={send} />
        )}
        <div class="call-actions">
          <CallButtons {...call} canSend={canSend} onSend={send} onStop={call.stop} />
          <CopyButtons operation={operation} draft={draft} withRequest={withRequest} />
          <Mistakes mistakes={mistakes} />
        </div>
      </div>
      <ResponsesView progress={call.progress} isStream={operation.isStream} />
    </div>
  );
}

function Mistakes({ mistakes: [first, ...more] }: { mistakes: readonly Mistake[] }): JSX.Element | null {
  if (first === undefined) return null;
  return <span class="problem small">{more.length === 0 ? first.message : `${more.length + 1} mistakes`}</span>;
}

interface HeadingProps {
  readonly operation: Operation;
  readonly binding: Binding;
  /** The common prefix of the API's paths. */
  readonly server: string;
}

/** What a call is named, what it does, and where it is sent. */
function Heading({ operation, binding, server }: HeadingProps): JSX.Element {
  return (
    <>
      <h2>
        {operation.group}.{operation.name}
        {operation.isDeprecated && <span class="badge warn">deprecated</span>}
      </h2>
      <p class="summary">{operation.summary}</p>
      <Markdown text={operation.description} />
      <p class="wire mono">
        <span class="badge">{binding.method}</span> /{server}
        {binding.path}
      </p>
    </>
  );
}

interface ChoicesProps {
  readonly operation: Operation;
  readonly edited: EditedDraft;
  /** Called when the protocol has been chosen. */
  readonly onWay: () => void;
}

/** The choices of the path and the protocol, as far as there are any. */
function Choices({ operation, edited, onWay }: ChoicesProps): JSX.Element {
  const { draft, change, restore } = edited;
  return (
    <>
      {operation.bindings.length > 1 && (
        <Choice
          label="Path"
          value={String(draft.binding)}
          options={operation.bindings.map(({ path }, index) => ({ value: String(index), label: path }))}
          onChange={(index) => restore(Number(index))}
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
            onWay();
            change({ way });
          }}
        />
      )}
    </>
  );
}

/**
 * Whether the text is not JSON and cannot be sent. JSON that does not fit the schema can be sent: the server explains
 * more than the page knows.
 */
function isUnreadable(mistakes: readonly Mistake[]): boolean {
  return mistakes.some(({ isSyntax }) => isSyntax);
}
