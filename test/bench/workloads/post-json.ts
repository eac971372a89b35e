/**
 * Posts a JSON text and returns the JSON of the response.
 *
 * @throws Error if the status is not 200
 */
export async function postJson(url: string, body: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} responded with ${response.status}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

/** Encodes bytes as protobuf JSON does. */
export function base64(text: string | Uint8Array): string {
  return Buffer.from(text).toString("base64");
}
