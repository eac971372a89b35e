/** Values that throw when they are read, as an app may throw them or return them. */
export const UNREADABLE: readonly unknown[] = [
  Object.create(null),
  {
    toString(): string {
      throw new Error("toString failed");
    },
  },
  Object.defineProperty(new Error(), "message", {
    get(): string {
      throw new Error("the getter failed");
    },
  }),
  Object.assign(new Error(), { message: Object.create(null) }),
  revoked(),
];

/** A proxy that throws whatever is done with it. */
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
