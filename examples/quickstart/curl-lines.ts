/**
 * Returns commands to try on a gateway at `url`: put `foo` = `bar`, read it and watch it. Keys and values are base64 in
 * JSON.
 */
export function curlLines(url: string): string {
  return `  # put foo = bar: Zm9v is foo in base64, YmFy is bar
  curl ${url}/v3/kv/put -d '{"key": "Zm9v", "value": "YmFy"}'

  # read it back
  curl ${url}/v3/kv/range -d '{"key": "Zm9v"}'

  # watch it, from its first revision on, until Ctrl-C
  curl -N ${url}/v3/watch -d '{"create_request": {"key": "Zm9v", "start_revision": 1}}'
`;
}
