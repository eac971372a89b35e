import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { escapeBytes } from "../../bytes/escape.js";
import { sizeText } from "../../parts/size-text.js";
import { LIST, LIST_ITEM, VirtualList } from "../../parts/virtual-list.js";
import { ValueDifference } from "../value/value-difference.js";
import type { Step } from "./import-plan.js";

const WORDS = { create: "new", change: "changes", same: "unchanged" } as const;

/** Lists the keys that an import would change. The user can choose a key to see how its value would change. */
export function ImportSteps({ steps }: { steps: readonly Step[] }): JSX.Element {
  const [chosen, setChosen] = useState<Step>();
  const changed = steps.filter(({ kind }) => kind !== "same");
  const count = (kind: Step["kind"]): number => steps.filter((step) => step.kind === kind).length;
  return (
    <>
      <p>
        {count("create")} new, {count("change")} changed, {count("same")} as they are.
      </p>
      <div class="preview-list">
        <VirtualList
          count={changed.length}
          attributes={{ ...LIST, "aria-label": "What changes" }}
          row={(index) => {
            const step = changed[index];
            return step === undefined ? (
              <div key={index} />
            ) : (
              <StepRow key={index} step={step} onChoose={() => setChosen(step)} />
            );
          }}
        />
      </div>
      {chosen !== undefined && (
        <ValueDifference
          label="What the import changes"
          before={chosen.current?.value ?? new Uint8Array()}
          after={chosen.line.value}
        />
      )}
    </>
  );
}

function StepRow({ step: { kind, line }, onChoose }: { step: Step; onChoose: () => void }): JSX.Element {
  return (
    <div class="row" {...LIST_ITEM}>
      <button type="button" class="row-button" onClick={onChoose}>
        <span class={`badge ${kind}`}>{WORDS[kind]}</span>
        <span class="mono name">{escapeBytes(line.key)}</span>
        <span class="dim small">{sizeText(line.value.length)}</span>
      </button>
    </div>
  );
}
