/** The first bytes of a file, as far as they have arrived. `ended`: there are no more. */
export interface Prefix {
  readonly bytes: Uint8Array
  readonly ended: boolean
}

/** Where a file's first bytes come from. */
export interface HeadSource {
  /** Name of the file, for messages and for the names of its siblings. */
  readonly fileName: string
  /**
   * The file's first bytes: at least `count` of them, or all if the file is shorter. Earlier answers' bytes stay
   * valid and are a prefix of later ones'.
   */
  readonly head: (count: number) => Promise<Prefix>
  /** The file's size, where the source has learned it; asked only after the first `head`. */
  readonly fileBytes: () => number | undefined
  readonly close: () => Promise<void>
}
