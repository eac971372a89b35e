import type { JSX } from "preact";
import { type Expected, mistakesOf } from "../../api/check-message.js";
import { withBytes } from "../../api/convert-bytes.js";
import type { Operation } from "../../api/description.js";
import { CodeEditor } from "../../editor/code-editor.js";
import { Button } from "../../parts/button.js";
import { Choice } from "../../parts/choice.js";
import { completionsIn } from "./completions.js";
import type { EditedDraft } from "./edited-draft.js";

interface RequestEditorProps {
  readonly operation: Operation;
  readonly edited: EditedDraft;
  readonly expected: Expected;
  readonly onSubmit: () => void;
}

/** The editor of a request's body. */
export function RequestEditor({ operation, edited, expected, onSubmit }: RequestEditorProps): JSX.Element {
  const { draft, change, restore } = edited;
  const { api, schema } = expected;
  return (
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
            onChange={(bytes) => change({ bytes, body: withBytes(draft.body, api, schema, bytes) })}
          />
        ) : (
          <span class="dim small">{operation.isRequestStream ? "Messages" : "Message"}</span>
        )}
        <Button
          label="Example"
          kind="quiet"
          hint="Restores the example from the description"
          onClick={() => restore(draft.binding)}
        />
      </div>
      <CodeEditor
        label="Request in JSON"
        text={draft.body}
        language="json"
        onChange={(body) => change({ body })}
        check={(text) => mistakesOf(text, expected).map((mistake) => ({ ...mistake, severity: "error" }))}
        complete={(context) => completionsIn(context, api, schema)}
        onSubmit={onSubmit}
      />
    </div>
  );
}
