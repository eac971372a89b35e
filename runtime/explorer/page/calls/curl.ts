import type { WireRequest } from "./request/draft-request.js";

/**
 * Returns the curl command for a request.
 *
 * @param base the URL of the API
 * @param isStream whether curl shows the response as it arrives
 * @param hasToken whether the request needs a token; the command reads it from a shell variable
 */
export function curlCommand(request: WireRequest, base: URL, isStream: boolean, hasToken: boolean): string {
  const url = base.href.replace(/\/$/, "") + request.path;
  const parts = ["curl"];
  if (isStream) parts.push("-N");
  if (request.method !== (request.body === undefined ? "GET" : "POST")) parts.push("-X", request.method);
  parts.push(quoted(url));
  if (hasToken) parts.push("-H", '"Authorization: $TOKEN"');
  if (request.body !== undefined) parts.push("-d", quoted(request.body.trim() === "" ? "{}" : request.body));
  return parts.join(" ");
}

/** Quotes any text as one word of a shell command. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
