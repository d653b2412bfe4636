import type { Machine } from '@berth/core'

/** Cells that hold a list of records, as JSON. A device is its row within the machine. */

type LinkCell = readonly [from: number, to: number, kind: string, bytesPerSecond?: number | null, peerAccess?: string]
type InterfaceCell = readonly [name: string, bitsPerSecond?: number]

/** Without what is not known at its end. */
export function writeLinks({ devices, links }: Machine): string {
  if (links.length === 0) return ''
  const place = (id: string) => devices.findIndex((device) => device.id === id)
  return JSON.stringify(
    links.map(({ from, to, kind, bandwidthBytesPerSecond: speed, peerAccess }): LinkCell => {
      const ends = [place(from), place(to), kind] as const
      if (peerAccess !== undefined) return [...ends, speed ?? null, peerAccess]
      return speed === undefined ? ends : [...ends, speed]
    }),
  )
}

export const writeInterfaces = ({ networkInterfaces }: Machine): string =>
  networkInterfaces === undefined
    ? ''
    : JSON.stringify(
        networkInterfaces.map(({ name, bitsPerSecond: speed }): InterfaceCell =>
          speed === undefined ? [name] : [name, speed],
        ),
      )

/** What a cell of links holds; undefined when it is none. */
export const readLinks = (text: string): readonly LinkCell[] | undefined => readList(text, isLink)
export const readInterfaces = (text: string): readonly InterfaceCell[] | undefined => readList(text, isInterface)

function readList<Cell>(text: string, isCell: (value: unknown) => value is Cell): readonly Cell[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(isCell) ? value : undefined
  } catch {
    return undefined
  }
}

const isLink = (value: unknown): value is LinkCell => {
  if (!Array.isArray(value) || value.length < 3 || value.length > 5) return false
  const [from, to, kind, speed = null, peerAccess = ''] = value as readonly unknown[]
  const isSpeed = speed === null ? value.length !== 4 : typeof speed === 'number'
  return [from, to].every((place) => typeof place === 'number') && isSpeed && [kind, peerAccess].every(isText)
}

const isInterface = (value: unknown): value is InterfaceCell =>
  Array.isArray(value) && value.length > 0 && value.length <= 2 && isText(value[0]) && isSpeedOrNone(value)

const isText = (value: unknown): boolean => typeof value === 'string'
const isSpeedOrNone = (value: readonly unknown[]): boolean => value.length === 1 || typeof value[1] === 'number'

/** The records that cells stand for; nothing is checked yet. `idOf` names the device of a row. */
export const linksFrom = (cells: readonly LinkCell[], idOf: (row: number) => unknown): readonly object[] =>
  cells.map(([from, to, kind, speed, peerAccess]) => ({
    from: idOf(from),
    to: idOf(to),
    kind,
    ...(typeof speed === 'number' && { bandwidthBytesPerSecond: speed }),
    ...(peerAccess !== undefined && { peerAccess }),
  }))

export const interfacesFrom = (cells: readonly InterfaceCell[]): readonly object[] =>
  cells.map(([name, bitsPerSecond]) => ({ name, ...(bitsPerSecond !== undefined && { bitsPerSecond }) }))
