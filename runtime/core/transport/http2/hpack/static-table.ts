import type { HeaderField } from "./header-field.js";

/** The static table: RFC 7541, appendix A. Indexes begin at 1; `[0]` is unused. */
export const STATIC_TABLE: readonly HeaderField[] = `

:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate
`
  .slice(1, -1)
  .split("\n")
  .map((line) => {
    const [name = "", ...value] = line.split(" ");
    return { name, value: value.join(" ") };
  });

const FIRST_BY_NAME = new Map<string, number>();
for (const [index, { name }] of STATIC_TABLE.entries()) {
  if (index > 0 && !FIRST_BY_NAME.has(name)) FIRST_BY_NAME.set(name, index);
}

/** Returns the first index of a name; 0 if the table does not have it. */
export function staticNameIndex(name: string): number {
  return FIRST_BY_NAME.get(name) ?? 0;
}

/** Returns the index of a name with this value; 0 if the table does not have it. */
export function staticFieldIndex(name: string, value: string): number {
  for (let index = staticNameIndex(name); index > 0 && STATIC_TABLE[index]?.name === name; index++) {
    if (STATIC_TABLE[index]?.value === value) return index;
  }
  return 0;
}
