/** Rows of text under headings. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A goal for a measure, and whether it is met. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** The results of a benchmark. */
export interface Report {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}
