import type { Machine } from './machine.ts'

/** The interface of the greatest speed; undefined where none has a link or nobody told its speed. */
export function fastestInterface({
  networkInterfaces = [],
}: Pick<Machine, 'networkInterfaces'>): { readonly name: string; readonly bitsPerSecond: number } | undefined {
  const linked = networkInterfaces.flatMap(({ name, bitsPerSecond }) =>
    bitsPerSecond ? [{ name, bitsPerSecond }] : [],
  )
  return linked.toSorted((a, b) => b.bitsPerSecond - a.bitsPerSecond)[0]
}
