import { type Answer, exchange, headersOf } from "./exchange.js";
import { normalised } from "./normalise.js";
import { b64, type Case, call, type Step } from "./parity-case.js";

/** A step with the answers of both servers, without what is a server's own. */
export interface Comparison {
  readonly name: string;
  readonly step: Step;
  /** The request headers, as etcd's own gateway got them. */
  readonly headers: Readonly<Record<string, string>>;
  /** etcd's own gateway. */
  readonly etcd: Answer;
  readonly ours: Answer;
}

const REVISION = call("kv/range", { key: b64("\0") });

/** Sends the steps of a case to both servers, each of which has an etcd of its own. */
export async function replay(test: Case, etcdUrl: string, ourUrl: string): Promise<readonly Comparison[]> {
  const [etcd, ours] = await Promise.all([answersOf(test, etcdUrl), answersOf(test, ourUrl)]);
  return test.steps.map((step, i) => {
    const [theirs, own] = [etcd[i], ours[i]];
    if (theirs === undefined || own === undefined) throw new Error(`${test.name}: step ${i} has no answer`);
    const name = `${test.name} (${i + 1}/${test.steps.length})`;
    return { name, step, headers: theirs.headers, etcd: theirs.answer, ours: own.answer };
  });
}

/** What a server got of a step beside the step itself, and what it answered. */
interface Replayed {
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: Answer;
}

async function answersOf(test: Case, url: string): Promise<Replayed[]> {
  const before = await exchange(url, REVISION, { revision: 0, answers: [] });
  const revision = Number(Reflect.get(Object(Reflect.get(Object(before.json), "header")), "revision"));
  if (!Number.isInteger(revision))
    throw new Error(`${test.name}: ${url} does not tell its revision: ${JSON.stringify(before)}`);
  const answers: Answer[] = [];
  const replayed: Replayed[] = [];
  for (const step of test.steps) {
    const headers = headersOf(step, { revision, answers });
    const answer = await exchange(url, step, { revision, answers });
    answers.push(answer);
    replayed.push({ headers, answer: normalised(answer, revision) });
  }
  return replayed;
}
