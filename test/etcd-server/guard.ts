import { spawn } from "node:child_process";
import { Socket } from "node:net";

/**
 * Ensures that a child process does not outlive this one. A shell waits until its pipe from this process closes, which
 * the system does even after SIGKILL. Then the shell kills the child and removes its folder. Windows has no such shell,
 * so a child can be left behind there.
 *
 * @returns a function that ends the guard. Call it after the child has ended
 */
export function guard(child: number, folder: string): () => void {
  if (process.platform === "win32") return () => {};
  const script = 'read -r _; kill -9 "$1"; rm -rf "$2"';
  const shell = spawn("sh", ["-c", script, "guard", String(child), folder], {
    stdio: ["pipe", "ignore", "ignore"],
    // A separate process group, so that signals from a terminal do not end the guard.
    detached: true,
  });
  // Without a shell there is no guard, but the child still works.
  shell.on("error", () => {});
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return () => shell.kill("SIGKILL");
}
