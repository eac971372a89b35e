import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { Growth } from "./growth.js";

/** Creates the metrics of an observer in a registry of prom-client. Their names have the same prefix. */
export class MetricFactory {
  readonly #registers: Registry[];
  readonly #prefix: string;
  readonly #beforeRead: () => void;

  /** @param beforeRead called before a counter is read */
  constructor(registry: Registry, prefix: string, beforeRead: () => void) {
    this.#registers = [registry];
    this.#prefix = prefix;
    this.#beforeRead = beforeRead;
  }

  /** Creates a counter that is updated when it is read. */
  growth<Label extends string>(name: string, help: string, ...labelNames: readonly Label[]): Growth<Label> {
    const collect = (): void => {
      this.#beforeRead();
      growth.flush();
    };
    const counter = new Counter({ ...this.#named(name, help), labelNames, collect });
    const growth = new Growth(labelNames, counter);
    return growth;
  }

  histogram(name: string, help: string, buckets: number[]): Histogram<"rpc"> {
    return new Histogram({ ...this.#named(name, help), buckets, labelNames: ["rpc"] });
  }

  /**
   * Creates a gauge.
   *
   * @param fill sets all values of the gauge, when it is read
   */
  gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    fill: (gauge: Gauge<Label>) => void,
  ): void {
    new Gauge({
      ...this.#named(name, help),
      labelNames,
      collect() {
        this.reset();
        fill(this);
      },
    });
  }

  #named(name: string, help: string): { name: string; help: string; registers: Registry[] } {
    return { name: this.#prefix + name, help, registers: this.#registers };
  }
}
