import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Parameter } from "../../api/description.js";
import { isList } from "./draft-request.js";

interface ParameterFormProps {
  readonly parameters: readonly Parameter[];
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (name: string, value: string) => void;
}

/** A form for the parameters of the path and the query. */
export function ParameterForm({ parameters, values, onChange }: ParameterFormProps): JSX.Element | null {
  const [isAll, setAll] = useState(false);
  if (parameters.length === 0) return null;
  const shown = isAll ? parameters : parameters.filter(({ required }, index) => required || index < 8);
  return (
    <div class="parameters form">
      {shown.map(({ name, description, required, schema }) => (
        <div key={name} class="field">
          <label for={`parameter-${name}`}>
            <code>{name}</code>
            {required && <span class="dim"> in the path</span>}
          </label>
          {isList(schema) ? (
            <textarea
              id={`parameter-${name}`}
              class="input mono"
              rows={2}
              spellcheck={false}
              value={values[name] ?? ""}
              onInput={({ currentTarget }) => onChange(name, currentTarget.value)}
            />
          ) : (
            <input
              id={`parameter-${name}`}
              class="input mono"
              spellcheck={false}
              autocomplete="off"
              value={values[name] ?? ""}
              onInput={({ currentTarget }) => onChange(name, currentTarget.value)}
            />
          )}
          <small class="dim">
            {description}
            {isList(schema) && " One value per line."}
          </small>
        </div>
      ))}
      {shown.length < parameters.length && (
        <button type="button" class="button quiet" onClick={() => setAll(true)}>
          {parameters.length - shown.length} more
        </button>
      )}
    </div>
  );
}
