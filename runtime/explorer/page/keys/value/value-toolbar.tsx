import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { Choice } from "../../parts/choice.js";
import { isCompact, obstacle, type ValueForm } from "./value-form.js";

const FORMS = [
  { value: "text", label: "Text" },
  { value: "json", label: "JSON" },
  { value: "hex", label: "Hex" },
] as const;

interface ValueToolbarProps {
  /** The stored value. */
  readonly value: Uint8Array;
  readonly form: ValueForm;
  /** Whether the user has edited the value, which fixes its form. */
  readonly isEdited: boolean;
  readonly isReadOnly: boolean;
  readonly onForm: (form: ValueForm) => void;
}

/** The choice of the form in which a value is shown. */
export function ValueToolbar({ value, form, isEdited, isReadOnly, onForm }: ValueToolbarProps): JSX.Element {
  const obstacles = useMemo(() => new Map(FORMS.map((each) => [each.value, obstacle(value, each.value)])), [value]);
  const hasNoSpace = useMemo(() => isCompact(value), [value]);
  const obstacleTo = (other: ValueForm): string | undefined => {
    if (!isEdited) return obstacles.get(other);
    return other === form ? undefined : "Save or discard first";
  };
  return (
    <div class="toolbar">
      <Choice
        label="Show the value as"
        value={form}
        options={FORMS.map((each) => ({ ...each, disabled: obstacleTo(each.value) }))}
        onChange={onForm}
      />
      {form === "json" && (
        <span class="dim small">
          {hasNoSpace ? "Shown with added white space, saved without it" : "Saved as shown"}
        </span>
      )}
      {isReadOnly && <span class="badge">Read-only</span>}
    </div>
  );
}
