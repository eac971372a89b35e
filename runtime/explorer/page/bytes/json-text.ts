/** Matches a token of JSON: a string, a number or word, or a punctuation mark. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Whether a text is a JSON object or list. Numbers and words are treated as text. */
export function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The maximum length of formatted JSON, in characters. Deeply nested JSON grows with the square of its depth. */
const LONGEST = 8_000_000;

/**
 * Formats JSON with line breaks and indentation. Nothing else changes: numbers keep their digits, and objects keep the
 * order of their members and duplicates.
 *
 * @param text valid JSON
 * @returns `undefined` if the formatted text would be longer than 8 million characters
 */
export function formatJson(text: string): string | undefined {
  let formatted = "";
  let depth = 0;
  let before = "";
  const newLine = (): string => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(TOKEN)) {
    const isEnd = token === "}" || token === "]";
    const isEmpty = isEnd && (before === "{" || before === "[");
    if (isEnd) depth--;
    if (isEnd ? !isEmpty : before === "{" || before === "[" || before === ",") formatted += newLine();
    formatted += token === ":" ? ": " : token;
    if (token === "{" || token === "[") depth++;
    before = token;
    if (formatted.length > LONGEST) return undefined;
  }
  return formatted;
}

/** Removes the white space between the tokens of JSON. */
export function compactJson(text: string): string {
  return (text.match(TOKEN) ?? []).join("");
}
