import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../../app/app-context.js";
import { type Etcd, Permission_Type } from "../../app/bundled-client.js";
import { errorText } from "../../app/error-text.js";
import { session } from "../../app/user-session.js";
import { type Binary, prefixEnd, toBinary } from "../../bytes/binary.js";
import { escapeBytes } from "../../bytes/escape.js";
import { Button } from "../../parts/button.js";

interface ReadableRangesProps {
  /** Why the keys cannot be read. */
  readonly error: unknown;
  readonly onRoot: (root: Binary) => void;
}

/** Offers the prefixes that the user's roles allow to read, if the user may not read all keys. */
export function ReadableRanges({ error, onRoot }: ReadableRangesProps): JSX.Element | null {
  const { etcd } = useApp();
  const [prefixes, setPrefixes] = useState<readonly Binary[]>([]);
  const user = session.value?.user;
  const isForbidden = errorText(error).isForbidden;
  useEffect(() => {
    if (user === undefined || !isForbidden) return;
    // If the roles cannot be read either, nothing is offered.
    readablePrefixes(etcd, user).then(setPrefixes, () => {});
  }, [etcd, user, isForbidden]);
  if (prefixes.length === 0) return null;
  return (
    <div class="fill">
      <p>You may read the keys with one of these prefixes:</p>
      <div class="buttons">
        {prefixes.map((prefix) => (
          <Button key={prefix} label={escapeBytes(prefix)} icon="folder" onClick={() => onRoot(prefix)} />
        ))}
      </div>
    </div>
  );
}

/** Returns the prefixes and single keys that a user's roles allow to read. */
async function readablePrefixes(etcd: Etcd, user: string): Promise<readonly Binary[]> {
  const { roles } = await etcd.auth.userGet({ name: user });
  const all = await Promise.all(roles.map((role) => etcd.auth.roleGet({ role })));
  const prefixes = all
    .flatMap(({ perm }) => perm)
    .filter(({ permType }) => permType === Permission_Type.READ || permType === Permission_Type.READWRITE)
    .map(({ key, range_end }) => ({ key: toBinary(key), end: toBinary(range_end) }))
    .filter(({ key, end }) => end === "" || end === prefixEnd(key))
    .map(({ key }) => key);
  return [...new Set(prefixes)].sort();
}
