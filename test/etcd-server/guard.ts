import { spawn } from "node:child_process";
import { Socket } from "node:net";

/**
 * Sees to it that a child process does not outlive this one, however this one ends: a shell waits for the pipe from this
 * process to close, which the system does even after SIGKILL, then kills the child and removes its folder. On Windows,
 * which has no such shell, a child can be left behind.
 *
 * @returns What calls the guard off, once the child has ended.
 */
export function guard(child: number, folder: string): () => void {
  if (process.platform === "win32") return () => {};
  const script = 'read -r _; kill -9 "$1"; rm -rf "$2"';
  const shell = spawn("sh", ["-c", script, "guard", String(child), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    // A group of its own: what a terminal sends to the group of this process must not end the guard.
    detached: true,
  });
  // Without a shell there is no guard; the child itself is well.
  shell.on("error", () => {});
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => shell.kill("SIGKILL");
}
