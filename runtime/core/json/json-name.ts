/**
 * The JSON name that a field has unless its `json_name` says otherwise: lowerCamel, made as protoc makes it.
 *
 * @see https://protobuf.dev/programming-guides/json/#field-options
 */
export function jsonNameOf(name: string): string {
  return name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
}
