import type { JSX } from "preact";
import { useApp } from "../app/app-context.js";
import { hashOf } from "../app/hash-route.js";
import { showSignIn } from "../app/show-sign-in.js";
import { setTheme, type Theme, theme } from "../app/theme.js";
import { keepSession, session } from "../app/user-session.js";
import { Button, IconButton } from "../parts/button.js";
import { Icon, type IconName } from "../parts/icon.js";
import type { TabName } from "./tabs.js";

const TABS: Readonly<Record<TabName, { readonly label: string; readonly icon: IconName }>> = {
  keys: { label: "Keys", icon: "keys" },
  calls: { label: "Calls", icon: "calls" },
  cluster: { label: "Cluster", icon: "cluster" },
};

/** The theme that follows each theme when the button is pressed. */
const NEXT: Readonly<Record<Theme, { readonly theme: Theme; readonly icon: IconName; readonly label: string }>> = {
  system: { theme: "light", icon: "system", label: "System theme. Switch to light" },
  light: { theme: "dark", icon: "sun", label: "Light theme. Switch to dark" },
  dark: { theme: "system", icon: "moon", label: "Dark theme. Switch to the system theme" },
};

interface HeaderProps {
  readonly tabs: readonly TabName[];
  readonly current: TabName;
}

/** The header of the page: its title, the tabs, the theme and the user. */
export function Header({ tabs, current }: HeaderProps): JSX.Element {
  const { api, config, exposure } = useApp();
  const look = NEXT[theme.value];
  const isReadOnly = exposure.has("KV_Put") && !exposure.can("KV_Put") && !exposure.can("KV_Txn");
  return (
    <header class="header">
      <h1>
        <span class="logo" aria-hidden="true" />
        {config.title ?? api.title}
      </h1>
      <nav aria-label="Parts of the page">
        {tabs.map((tab) => (
          <a key={tab} class="tab" href={hashOf(tab)} aria-current={tab === current ? "page" : undefined}>
            <Icon name={TABS[tab].icon} />
            {TABS[tab].label}
          </a>
        ))}
      </nav>
      <div class="header-end">
        {isReadOnly && (
          <span class="badge" title="The gateway does not expose the calls that write">
            Read-only
          </span>
        )}
        <Account />
        <IconButton label={look.label} icon={look.icon} onClick={() => setTheme(look.theme)} />
      </div>
    </header>
  );
}

function Account(): JSX.Element | null {
  const { exposure } = useApp();
  const signedIn = session.value;
  if (signedIn !== undefined) {
    return (
      <>
        <span class="user" title="Signed in">
          <Icon name="user" />
          {signedIn.user}
        </span>
        <Button label="Sign out" kind="quiet" onClick={() => keepSession(undefined)} />
      </>
    );
  }
  if (!exposure.can("Auth_Authenticate")) return null;
  return <Button label="Sign in" icon="user" kind="quiet" onClick={showSignIn} />;
}
