/**
 * Returns the default JSON name of a field, which its `json_name` can override: lowerCamelCase, as protoc makes it.
 *
 * @see https://protobuf.dev/programming-guides/json/#field-options
 */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
