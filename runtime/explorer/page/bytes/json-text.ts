/** A token of JSON: a text, a number or word, or a mark. White space is between them. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Whether a text is JSON of more than one line's worth: an object or a list. Numbers and words are texts, too. */
export function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * JSON with its white space as people want it. Nothing else is touched: numbers keep their digits, members their order
 * and their doubles.
 *
 * @param text valid JSON
 */
export function formatJson(text: string): string {
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
  }
  return formatted;
}

/** JSON without white space between its tokens. */
export function compactJson(text: string): string {
  return (text.match(TOKEN) ?? []).join("");
}
