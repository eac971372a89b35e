/**
 * Returns the JSON name that protoc derives from a field's name. A field's `json_name` can override it. The runtime and
 * the HTTP client derive it too, so generated code contains only the JSON names that differ.
 *
 * @see https://protobuf.dev/programming-guides/json/#field-options
 */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
