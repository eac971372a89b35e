import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useApp } from "../app/app-context.js";
import { ErrorNote } from "../app/error-note.js";
import { session } from "../app/user-session.js";
import { Loading, Note } from "../parts/note.js";
import { sizeText } from "../parts/size-text.js";
import { type Alarm, type Member, type Moment, readMoment, type Status } from "./cluster-state.js";
import { Sparkline } from "./sparkline.js";

/** How often the cluster's state is read while the page is visible, in milliseconds. */
const ASK_EVERY = 2000;

/** The number of past states that the charts show. */
const KEPT = 60;

/** Shows live numbers of the cluster. */
export function ClusterTab(): JSX.Element {
  const app = useApp();
  const [moments, setMoments] = useState<readonly Moment[]>([]);
  /** The last known status of each member. Each request reaches one of them. */
  const [statuses, setStatuses] = useState<ReadonlyMap<bigint, Status>>(new Map());
  const [error, setError] = useState<unknown>();
  const token = session.value?.token;
  useEffect(() => {
    const stop = new AbortController();
    let waiting: ReturnType<typeof setTimeout> | undefined;
    async function ask(): Promise<void> {
      if (!document.hidden) {
        try {
          const moment = await readMoment(app, stop.signal);
          if (stop.signal.aborted) return;
          setMoments((before) => [...before.slice(1 - KEPT), moment]);
          setStatuses((before) => new Map(before).set(moment.status.memberId, moment.status));
          setError(undefined);
        } catch (error) {
          if (stop.signal.aborted) return;
          setError(error);
        }
      }
      waiting = setTimeout(() => void ask(), ASK_EVERY);
    }
    void ask();
    return () => {
      stop.abort();
      clearTimeout(waiting);
    };
  }, [app, token]);
  const last = moments.at(-1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable with the keyboard.
    <section class="cluster" tabIndex={0} aria-label="Cluster">
      {error !== undefined && <ErrorNote error={error} />}
      {last === undefined ? (
        error === undefined && <Loading what="Loading the state of the cluster" />
      ) : (
        <Figures moments={moments} last={last} />
      )}
      {last !== undefined && <Members members={last.members} leader={last.status.leader} statuses={statuses} />}
      {last !== undefined && (
        <p class="dim small">
          Cluster {last.clusterId.toString(16)}. Updated every two seconds while the page is visible.
        </p>
      )}
    </section>
  );
}

function Figures({ moments, last }: { moments: readonly Moment[]; last: Moment }): JSX.Element {
  const { status, alarms, readTime } = last;
  const leader = last.members.find(({ id }) => id === status.leader);
  const rates = ratesOf(moments);
  const isHealthy =
    readTime !== undefined &&
    status.leader !== 0n &&
    (alarms === undefined || alarms.length === 0) &&
    status.errors.length === 0;
  return (
    <>
      <Warnings alarms={alarms ?? []} errors={status.errors} />
      <div class="numbers">
        <Figure name="Health" value={isHealthy ? "Healthy" : "Unhealthy"} kind={isHealthy ? "good" : "bad"}>
          <p class="dim small">
            {readTime === undefined ? "A read that needs a majority fails" : "A read that needs a majority succeeds"}
            {alarms === undefined ? "; alarms are unknown" : alarms.length === 0 ? ", no alarms" : ""}
          </p>
        </Figure>
        <Figure name="Leader" value={leader === undefined ? "None" : leader.name || leader.id.toString(16)}>
          <p class="dim small">term {String(status.raftTerm)}</p>
        </Figure>
        <Figure name="Version" value={status.version}>
          <p class="dim small">
            {last.members.length} {last.members.length === 1 ? "member" : "members"}
          </p>
        </Figure>
        <Figure name="Revision" value={status.revision.toLocaleString("en")}>
          <p class="dim small">raft index {status.raftIndex.toLocaleString("en")}</p>
        </Figure>
        <Figure name="Writes per second" value={(rates.at(-1) ?? 0).toFixed(1)}>
          <Sparkline values={rates} label="Writes per second in the last two minutes" />
        </Figure>
        <Figure name="Database" value={sizeText(status.dbSize)}>
          {status.dbSizeInUse > 0 && <p class="dim small">{sizeText(status.dbSizeInUse)} in use</p>}
          <Sparkline
            values={moments.map((moment) => moment.status.dbSize)}
            label="Size of the database in the last two minutes"
          />
        </Figure>
        <Figure name="Duration of a read" value={readTime === undefined ? "—" : `${readTime.toFixed(1)} ms`}>
          <Sparkline
            values={moments.flatMap((moment) => moment.readTime ?? [])}
            label="Duration of a read in the last two minutes"
          />
        </Figure>
      </div>
    </>
  );
}

/** What is wrong with the members, by their alarms and errors. */
function Warnings({ alarms, errors }: { alarms: readonly Alarm[]; errors: readonly string[] }): JSX.Element {
  return (
    <>
      {alarms.map(({ memberId, name }) => (
        <Note key={`${name} ${memberId}`} kind="error" title={`Alarm ${name}`}>
          <p>
            Member {memberId.toString(16)} has raised it.
            {name === "NOSPACE" && " etcd refuses writes. Compact old revisions, defragment, and disarm the alarm."}
          </p>
        </Note>
      ))}
      {errors.length > 0 && (
        <Note kind="warning" title="A member reports errors">
          <p class="exact">{errors.join("\n")}</p>
        </Note>
      )}
    </>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly kind?: "good" | "bad";
  readonly children?: JSX.Element | false | (JSX.Element | false)[];
}

function Figure({ name, value, kind, children }: FigureProps): JSX.Element {
  return (
    <section class="number" aria-label={name}>
      <h2>{name}</h2>
      <p class={kind === undefined ? "number-value" : `number-value ${kind}`}>{value}</p>
      {children}
    </section>
  );
}

interface MembersProps {
  readonly members: readonly Member[];
  readonly leader: bigint;
  readonly statuses: ReadonlyMap<bigint, Status>;
}

function Members({ members, leader, statuses }: MembersProps): JSX.Element {
  return (
    <section class="members">
      <h2>Members</h2>
      <div class="table-box">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Role</th>
              <th scope="col">Version</th>
              <th scope="col">Database</th>
              <th scope="col">Clients</th>
              <th scope="col">ID</th>
            </tr>
          </thead>
          <tbody>
            {members.map(({ id, name, clientUrls, isLearner }) => {
              const status = statuses.get(id);
              return (
                <tr key={String(id)}>
                  <th scope="row">{name || "(not started)"}</th>
                  <td>
                    {id === leader ? (
                      <span class="badge good">leader</span>
                    ) : (
                      <span class="badge">{isLearner ? "learner" : "follower"}</span>
                    )}
                  </td>
                  <td>{status?.version ?? <span class="dim">not known yet</span>}</td>
                  <td>{status === undefined ? "" : sizeText(status.dbSize)}</td>
                  <td class="mono">{clientUrls.join(" ")}</td>
                  <td class="mono">{id.toString(16)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Returns the revisions per second between consecutive states. Members may lag behind one another. */
function ratesOf(moments: readonly Moment[]): readonly number[] {
  return moments.slice(1).map(({ at, status }, index) => {
    const before = moments[index];
    if (before === undefined || at === before.at) return 0;
    return Math.max(0, (Number(status.revision - before.status.revision) * 1000) / (at - before.at));
  });
}
