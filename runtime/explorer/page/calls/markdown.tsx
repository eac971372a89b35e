import type { ComponentChildren, JSX } from "preact";

/**
 * Shows the subset of Markdown that descriptions use: paragraphs, lists, headings, `code`, *emphasis* and **strong
 * emphasis**.
 */
export function Markdown({ text }: { text: string }): JSX.Element {
  const blocks = text.split(/\n{2,}/).filter((block) => block.trim() !== "");
  return <div class="prose">{blocks.map(blockOf)}</div>;
}

function blockOf(block: string, index: number): JSX.Element {
  const heading = /^#{1,6}\s+(.*)$/.exec(block);
  if (heading?.[1] !== undefined) return <h3 key={index}>{inline(heading[1])}</h3>;
  const lines = block.split("\n");
  if (lines.every((line) => /^\s*[-*]\s|^\s+\S/.test(line)) && /^\s*[-*]\s/.test(block)) {
    const items = block.split(/\n(?=\s*[-*]\s)/).map((item) => item.replace(/^\s*[-*]\s+/, ""));
    return (
      <ul key={index}>
        {items.map((item) => (
          <li key={item}>{inline(item)}</li>
        ))}
      </ul>
    );
  }
  return <p key={index}>{inline(block)}</p>;
}

/** Converts code and emphasis in a text to elements. Nothing is interpreted as HTML. */
function inline(text: string): ComponentChildren {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*|\[[^\]]+\]\([^)\s]+\))/).map((part, index) => {
    if (part.startsWith("`") && part.endsWith("`") && part.length > 2)
      return <code key={index}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**") && part.length > 4) return <strong key={index}>{part.slice(2, -2)}</strong>;
    if (part.startsWith("*") && part.endsWith("*") && part.length > 2) return <em key={index}>{part.slice(1, -1)}</em>;
    // Shows a link's text without the link, since the page links to no other site.
    return /^\[([^\]]+)\]\(/.exec(part)?.[1] ?? part;
  });
}
