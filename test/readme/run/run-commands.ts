import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { type CommandLine, outputPattern } from "./command-lines.js";

/** Runs the commands of a block, and compares what they print with what the page says. */
export async function runCommands(lines: readonly CommandLine[]): Promise<void> {
  const variables = lines.filter(({ command }) => /^[A-Z]+=/.test(command));
  const set = variables.map(({ command }) => `${command}\n`).join("");
  for (const { command, printed } of lines.filter((line) => !variables.includes(line))) {
    const expected = outputPattern(printed);
    // Streams go on until they are stopped.
    const output = await run(set + command, / -N /.test(command) ? expected : undefined);
    if (printed.length > 0) assert.match(output.replaceAll("\r", ""), expected, command);
  }
}

/** Runs a script to its end, or until its output is as expected. */
function run(script: string, until: RegExp | undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    // With a process group of its own, a pipeline ends as a whole.
    const child = spawn("sh", ["-c", script], { stdio: ["ignore", "pipe", "inherit"], detached: true });
    let output = "";
    let isStopped = false;
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
      if (until?.test(output) !== true || child.pid === undefined || isStopped) return;
      isStopped = true;
      process.kill(-child.pid);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 || isStopped) resolve(output);
      else reject(new Error(`${script}\nended with ${code} and printed\n${output}`));
    });
  });
}
