import type { JSX } from "preact";
import { formatJson } from "../bytes/json-text.js";

/** Maximum length of a text in colors, in characters. Each colored token is an element. */
const COLOURED = 30_000;

/** Maximum length of the shown text, in characters. */
const SHOWN = 500_000;

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/g;

/** Shows JSON, formatted and in colors. */
export function JsonView({ text, label }: { text: string; label: string }): JSX.Element {
  const formatted = formatJson(text) ?? text;
  const shown = formatted.slice(0, SHOWN);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable with the keyboard.
    <section class="json" tabIndex={0} aria-label={label}>
      <pre>
        {shown.length <= COLOURED ? coloured(shown) : shown}
        {formatted.length > SHOWN && <span class="dim">{`\n… and ${formatted.length - SHOWN} more characters`}</span>}
      </pre>
    </section>
  );
}

function coloured(text: string): (string | JSX.Element)[] {
  const parts: (string | JSX.Element)[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, string, colon] = match;
    parts.push(text.slice(from, match.index));
    const kind =
      string === undefined ? (/^[tfn]/.test(token) ? "word" : "number") : colon === undefined ? "text" : "name";
    parts.push(
      <span key={match.index} class={`json-${kind}`}>
        {string ?? token}
      </span>,
    );
    if (colon !== undefined) parts.push(colon);
    from = match.index + token.length;
  }
  parts.push(text.slice(from));
  return parts;
}
