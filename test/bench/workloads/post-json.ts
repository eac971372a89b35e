/** Posts a JSON text and returns the JSON of the answer. @throws Error if the answer's status is not 200 */
export async function postJson(url: string, body: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** Text as the JSON of protobuf has bytes. */
export function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64");
}
