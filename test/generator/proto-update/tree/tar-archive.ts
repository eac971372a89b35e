import { Buffer } from "node:buffer";

/** A file for an archive. A path of more than 100 bytes gets a pax header, as in git's archives. */
export interface ArchiveFile {
  readonly path: string;
  readonly text: string;
  /** The tar type; by default a file. */
  readonly type?: string;
}

/**
 * Makes a tar archive like `git archive`: it starts with a global pax header with the commit, and ends with two empty
 * blocks.
 */
export function makeTar(files: readonly ArchiveFile[]): Buffer {
  const entries = [
    entry({ path: "pax_global_header", text: paxRecord("comment", "0".repeat(40)), type: "g" }),
    ...files.flatMap((file) =>
      file.path.length > 100
        ? [
            entry({ path: "header", text: paxRecord("path", file.path), type: "x" }),
            entry({ ...file, path: file.path.slice(0, 100) }),
          ]
        : [entry(file)],
    ),
  ];
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

function entry({ path, text, type = "0" }: ArchiveFile): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(path, 0, "utf8");
  header.write("0000644\0", 100);
  header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
  header.write("        ", 148);
  header.write(type, 156);
  header.write("ustar\x0000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding]);
}

/** Returns a pax record. It contains its length, including the length itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== `${length}`.length + rest.length) {
    length = `${length}`.length + rest.length;
  }
  return `${length}${rest}`;
}
