import { UpdateError } from "../update-error.js";

/** A regular file in a tar archive. */
export interface TarFile {
  readonly path: string;
  readonly content: Buffer;
}

const BLOCK = 512;

/**
 * Reads the regular files of a tar archive (POSIX.1-2001 pax, ustar, and GNU's long names).
 *
 * @throws UpdateError if the archive is truncated or is not a tar archive.
 */
export function* readTar(archive: Buffer): Generator<TarFile> {
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) {
      return;
    }
    checkHeader(header);
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) {
      break;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = text(header, 156, 1);
    if (type === "x") {
      longName = paxPath(content) ?? longName;
    } else if (type === "L") {
      longName = text(content, 0, size);
    } else {
      if (type === "" || type === "0") {
        yield { path: longName ?? shortName(header), content };
      }
      longName = type === "g" ? longName : undefined;
    }
  }
  throw new UpdateError("unexpected end of the archive");
}

function shortName(header: Buffer): string {
  const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
  const name = text(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** Checks the sum of a header's bytes. The header contains the sum, computed with spaces in place of the sum itself. */
function checkHeader(header: Buffer): void {
  const sum = header.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== octal(header, 148, 8)) {
    throw new UpdateError("the archive is not a valid tar archive");
  }
}

function octal(header: Buffer, start: number, length: number): number {
  return Number.parseInt(text(header, start, length).trim(), 8) || 0;
}

/** Returns a string field, which ends with a zero byte unless the string fills the field. */
function text(bytes: Buffer, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const zero = field.indexOf(0);
  return field.subarray(0, zero < 0 ? field.length : zero).toString("utf8");
}

/** Returns the `path` record of a pax header. Records have the form `length key=value`. */
function paxPath(content: Buffer): string | undefined {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(content.toString("utf8"))?.[1];
}
