import { type Answer, exchange, headersOf, Patience } from "./exchange.js";
import { normalised } from "./normalise.js";
import { b64, type Case, call, type Seen, type Step } from "./parity-case.js";

/** A step with the responses of both servers, without what is a server's own. */
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
  const etcd = await Replay.begin(test.name, etcdUrl);
  const ours = await Replay.begin(test.name, ourUrl);
  const comparisons: Comparison[] = [];
  for (const [i, step] of test.steps.entries()) {
    const patience = new Patience();
    const headers = headersOf(step, etcd);
    const answers = await Promise.all([etcd.send(step, patience), ours.send(step, patience)]);
    const name = `${test.name} (${i + 1}/${test.steps.length})`;
    comparisons.push({ name, step, headers, etcd: answers[0], ours: answers[1] });
  }
  return comparisons;
}

/** What a server has responded to a case. */
class Replay implements Seen {
  readonly revision: number;
  readonly answers: Answer[] = [];
  readonly #url: string;

  private constructor(url: string, revision: number) {
    this.#url = url;
    this.revision = revision;
  }

  static async begin(name: string, url: string): Promise<Replay> {
    const { json } = await exchange(url, REVISION, { revision: 0, answers: [] });
    const revision = Number(Reflect.get(Object(Reflect.get(Object(json), "header")), "revision"));
    if (!Number.isInteger(revision)) {
      throw new Error(`${name}: ${url} does not tell its revision: ${JSON.stringify(json)}`);
    }
    return new Replay(url, revision);
  }

  /** Sends the next step, and gives the response without what is a server's own. */
  async send(step: Step, patience: Patience): Promise<Answer> {
    const answer = await exchange(this.#url, step, this, patience);
    this.answers.push(answer);
    return normalised(answer, this.revision);
  }
}
