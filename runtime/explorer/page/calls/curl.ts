import type { WireRequest } from "./request.js";

/**
 * The command that sends a request from a shell.
 *
 * @param base where the API is
 * @param isStream whether answers are shown as they come
 * @param hasToken whether the request needs a token, which is not written down: the shell has it
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

/** A word of a shell's command line, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
