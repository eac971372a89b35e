import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { type Api, readApi } from "../api/description.js";
import { type App, AppContext } from "../app/app-context.js";
import type { Config } from "../app/config.js";
import { connect } from "../app/etcd.js";
import { Exposure } from "../app/exposure.js";
import { route } from "../app/hash-route.js";
import { CallsTab } from "../calls/calls-tab.js";
import { ClusterTab } from "../cluster/cluster-tab.js";
import { KeysTab } from "../keys/keys-tab.js";
import { Button } from "../parts/button.js";
import { Loading, Note } from "../parts/note.js";
import { Toasts } from "../parts/toast.js";
import { Header } from "./header.js";
import { SignInDialog } from "./sign-in-dialog.js";
import { type TabName, tabsOf } from "./tabs.js";

const PARTS: Readonly<Record<TabName, () => JSX.Element>> = { keys: KeysTab, calls: CallsTab, cluster: ClusterTab };

/** The whole page. It reads the API's description, and shows the tabs whose calls the API has. */
export function Shell({ config }: { config: Config }): JSX.Element {
  const [api, setApi] = useState<Api>();
  const [problem, setProblem] = useState<string>();
  async function load(): Promise<void> {
    setProblem(undefined);
    try {
      const response = await fetch(config.description);
      if (!response.ok)
        throw new Error(`the server responded with ${response.status} to ${config.description.pathname}`);
      setApi(readApi(await response.json(), config.baseUrl));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }
  useEffect(() => void load(), []);
  const app = useMemo<App | undefined>(
    () => api && { config, api, etcd: connect(config), exposure: new Exposure(api, config.exposed) },
    [api, config],
  );
  useEffect(() => {
    if (api !== undefined) document.title = config.title ?? `${api.title} explorer`;
  }, [api, config]);
  if (app === undefined) {
    return (
      <main class="fill">
        {problem === undefined ? (
          <Loading what="Reading the description of the API" />
        ) : (
          <Note kind="error" title="The description of the API cannot be read">
            <p class="exact">{problem}</p>
            <div class="buttons">
              <Button label="Try again" icon="refresh" onClick={() => void load()} />
            </div>
          </Note>
        )}
      </main>
    );
  }
  const tabs = tabsOf(app);
  const current = tabs.find((tab) => tab === route.value.tab) ?? tabs[0] ?? "calls";
  const Part = PARTS[current];
  return (
    <AppContext.Provider value={app}>
      <Header tabs={tabs} current={current} />
      <main>
        <Part />
      </main>
      <SignInDialog />
      <Toasts />
    </AppContext.Provider>
  );
}
