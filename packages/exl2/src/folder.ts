import type { HeadSource } from '@berth/sources'

/** A model's folder, wherever it is: what it holds, and each file's beginning. */
export interface Folder {
  /** As it may be shown. */
  readonly address: string
  /** Names of its files, not of those in folders below. */
  readonly list: () => Promise<readonly string[]>
  readonly open: (name: string, options: OpenOptions) => Promise<HeadSource>
}

export interface OpenOptions {
  /** How far into the file each request reaches, where it is requested. */
  readonly steps: readonly number[]
  readonly maxBytes: number
}
