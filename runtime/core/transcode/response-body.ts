/** An HTTP body, or a part of one. */
export interface ResponseBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A body that is made in parts; `undefined` where there is none yet. */
export interface SlicedBody {
  readonly contentType: string;
  readonly slices: Iterator<Buffer | undefined, void>;
}
