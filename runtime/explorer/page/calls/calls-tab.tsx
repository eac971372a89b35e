import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Operation } from "../api/description.js";
import { useApp } from "../app/app-context.js";
import { goTo, hashOf, route } from "../app/hash-route.js";
import { IconButton } from "../parts/button.js";
import { Empty } from "../parts/note.js";
import { Markdown } from "./markdown.js";
import { OperationView } from "./operation-view.js";

/** Shows every RPC of the API with its documentation and a form to try it. */
export function CallsTab(): JSX.Element {
  const { api } = useApp();
  const [filter, setFilter] = useState("");
  const { tab, chosen } = route.value;
  const operation = tab === "calls" || tab === "" ? api.operations.find(({ id }) => id === chosen) : undefined;
  return (
    <div class={operation === undefined ? "panes" : "panes has-chosen"}>
      <section class="pane" aria-label="Calls">
        <div class="toolbar">
          <input
            class="input"
            type="search"
            aria-label="Filter the calls"
            placeholder={`Filter ${api.operations.length} calls`}
            spellcheck={false}
            value={filter}
            onInput={({ currentTarget }) => setFilter(currentTarget.value)}
          />
        </div>
        <OperationList filter={filter} chosen={operation} />
      </section>
      <section class="pane call-pane" aria-label="Chosen call">
        {operation === undefined ? (
          <About />
        ) : (
          <>
            <header class="call-back">
              <IconButton label="Back to the calls" icon="back" onClick={() => goTo("calls")} />
            </header>
            <OperationView key={operation.id} operation={operation} />
          </>
        )}
      </section>
    </div>
  );
}

function OperationList({ filter, chosen }: { filter: string; chosen: Operation | undefined }): JSX.Element {
  const { api, exposure } = useApp();
  const wanted = filter.toLowerCase();
  const groups = api.groups
    .map(({ name }) => ({
      name,
      operations: api.operations.filter(
        (each) =>
          each.group === name && `${each.id} ${each.summary} ${each.bindings[0].path}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter(({ operations }) => operations.length > 0);
  if (groups.length === 0) return <Empty icon="search" title="No call matches the filter" />;
  return (
    <nav class="operations" aria-label="All calls">
      {groups.map(({ name, operations }) => (
        <section key={name}>
          <h2>{name}</h2>
          <ul>
            {operations.map((operation) => (
              <li key={operation.id}>
                <a
                  href={hashOf("calls", operation.id)}
                  class="operation"
                  aria-current={operation === chosen ? "true" : undefined}
                  title={operation.summary}
                >
                  <span class={operation.isDeprecated ? "struck" : ""}>{operation.name}</span>
                  {operation.isStream && <span class="badge">stream</span>}
                  {!exposure.allows(operation) && <span class="badge warn">off</span>}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}

/** Shows what the description says about the API as a whole. */
function About(): JSX.Element {
  const { api } = useApp();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable with the keyboard.
    <section class="about" tabIndex={0} aria-label="About the API">
      <h2>
        {api.title} {api.version !== "" && <span class="badge">{api.version}</span>}
      </h2>
      <Markdown text={api.description} />
      {api.groups.map(
        ({ name, description }) =>
          description !== "" && (
            <section key={name}>
              <h3>{name}</h3>
              <Markdown text={description} />
            </section>
          ),
      )}
    </section>
  );
}
