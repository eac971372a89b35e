import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app/app-context.js";
import { errorText } from "../app/error-text.js";
import { signIn } from "../app/etcd.js";
import { isSignInShown } from "../app/show-sign-in.js";
import { useAction } from "../parts/action.js";
import { Button } from "../parts/button.js";
import { Dialog } from "../parts/dialog.js";
import { Note } from "../parts/note.js";

/** Signs in as an etcd user. It is shown after {@link showSignIn}. */
export function SignInDialog(): JSX.Element | null {
  return isSignInShown.value ? <SignIn /> : null;
}

function SignIn(): JSX.Element {
  const { config } = useApp();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const close = (): void => {
    isSignInShown.value = false;
  };
  const signingIn = useAction(async () => {
    await signIn(config, user, password);
    close();
  });
  return (
    <Dialog title="Sign in" onClose={close}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          signingIn.run();
        }}
      >
        <p class="dim">Sign in as an etcd user. The page signs you out when you close the tab.</p>
        <label>
          User
          <input
            class="input"
            autocomplete="username"
            required
            value={user}
            onInput={({ currentTarget }) => setUser(currentTarget.value)}
          />
        </label>
        <label>
          Password
          <input
            class="input"
            type="password"
            autocomplete="current-password"
            value={password}
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        </label>
        {signingIn.error !== undefined && <Note kind="error" title={errorText(signingIn.error).text} />}
        <footer class="dialog-foot">
          <Button label="Cancel" onClick={close} />
          <Button
            label={signingIn.isRunning ? "Signing in" : "Sign in"}
            kind="main"
            type="submit"
            disabled={signingIn.isRunning}
          />
        </footer>
      </form>
    </Dialog>
  );
}
