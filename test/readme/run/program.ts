import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * Runs a program that imports this package by its name, which only a module inside of it can.
 *
 * @returns what it prints
 */
export async function runProgram(name: string, text: string): Promise<string> {
  const folder = `${ROOT}.cache`;
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${name}-${process.pid}.ts`;
  writeFileSync(file, text);
  try {
    const flags = ["--conditions=@etcd-gateway/source", "--import", "tsx", file];
    const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: ROOT });
    return stdout;
  } finally {
    rmSync(file);
  }
}
