/** How an answer that comes in parts stands. */
export type Asking<Result> =
  | { readonly state: 'idle' }
  | ({ readonly state: 'working' | 'done' | 'cancelled' } & Progress<Result>)
  | ({ readonly state: 'failed'; readonly error: unknown } & Progress<Result>)

export interface Progress<Result> {
  readonly results: readonly Result[]
  readonly done: number
  readonly of: number
}

export interface InParts<Part, Result> {
  readonly parts: readonly (readonly Part[])[]
  readonly ask: (part: readonly Part[], signal: AbortSignal) => Promise<readonly Result[]>
}

/** So many at a time; the last part may be smaller. */
export const partsOf = <Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))

/** Asks part after part, so that what is known shows, and an abort ends the one that is being worked at. */
export async function askInParts<Part, Result>(
  { parts, ask }: InParts<Part, Result>,
  signal: AbortSignal,
  onChange: (asking: Asking<Result>) => void,
): Promise<void> {
  const of = parts.reduce((sum, part) => sum + part.length, 0)
  let [results, done]: [readonly Result[], number] = [[], 0]
  onChange({ state: 'working', results, done, of })
  for (const part of parts) {
    try {
      results = [...results, ...(await ask(part, signal))]
    } catch (error) {
      if (!signal.aborted) onChange({ state: 'failed', error, results, done, of })
      return
    }
    if (signal.aborted) return
    done += part.length
    onChange({ state: done === of ? 'done' : 'working', results, done, of })
  }
  if (of === 0) onChange({ state: 'done', results, done, of })
}
