import type { ExactCell } from './survey.ts'

/** A file, and the machines it is to be planned on. */
export interface Wish<File> {
  readonly key: string
  readonly file: File
  readonly machineIds: readonly string[]
}

export interface ExactLoader<File> {
  /** What is to be known now, the most wanted first; what is being asked for and is not among it is given up. */
  readonly want: (wishes: readonly Wish<File>[]) => void
  readonly close: () => void
}

export interface LoaderOptions<File> {
  readonly ask: (wish: Wish<File>, signal: AbortSignal) => Promise<readonly ExactCell[]>
  readonly onCells: (key: string, cells: readonly ExactCell[]) => void
  readonly onFailure: (error: unknown) => void
}

/** Each keeps a thread of the server busy, which others want to plan on too. */
const AT_ONCE = 2
/** As many as the API plans in one call. */
const MACHINES_A_CALL = 64

interface Asking {
  readonly wish: { readonly key: string; readonly machineIds: readonly string[] }
  readonly controller: AbortController
}

/** Plans file by file what is wanted, and nothing twice. */
export function createExactLoader<File>({ ask, onCells, onFailure }: LoaderOptions<File>): ExactLoader<File> {
  const settled = new Map<string, Set<string>>()
  const asking = new Set<Asking>()
  let wanted: readonly Wish<File>[] = []

  const isOpen = (key: string, machine: string): boolean =>
    !settled.get(key)?.has(machine) &&
    ![...asking].some(({ wish }) => wish.key === key && wish.machineIds.includes(machine))
  const settle = (key: string, machines: readonly string[]): void => {
    settled.set(key, new Set([...(settled.get(key) ?? []), ...machines]))
  }

  const start = async (wish: Wish<File>): Promise<void> => {
    const one = { wish, controller: new AbortController() }
    const { signal } = one.controller
    asking.add(one)
    try {
      const cells = await ask(wish, signal)
      if (!signal.aborted) onCells(wish.key, cells)
    } catch (error) {
      if (!signal.aborted) onFailure(error)
    }
    asking.delete(one)
    // What failed is not asked again either: it would fail at every scroll.
    if (!signal.aborted) settle(wish.key, wish.machineIds)
    next()
  }

  const next = (): void => {
    for (const wish of wanted) {
      const open = wish.machineIds.filter((machine) => isOpen(wish.key, machine))
      for (let at = 0; at < open.length; at += MACHINES_A_CALL) {
        if (asking.size >= AT_ONCE) return
        void start({ ...wish, machineIds: open.slice(at, at + MACHINES_A_CALL) })
      }
    }
  }

  const giveUp = (isWanted: (asked: Asking) => boolean): void => {
    for (const one of asking) {
      if (isWanted(one)) continue
      one.controller.abort()
      asking.delete(one)
    }
  }

  return {
    want: (wishes) => {
      wanted = wishes
      giveUp(({ wish }) =>
        wishes.some(({ key, machineIds }) => key === wish.key && machineIds.some((id) => wish.machineIds.includes(id))),
      )
      next()
    },
    close: () => {
      wanted = []
      giveUp(() => false)
    },
  }
}
