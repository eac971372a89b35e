/** Rows of text under headings. */
export interface Table {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Something that is wanted of a measure. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** What came of a benchmark. */
export interface Report {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
}
