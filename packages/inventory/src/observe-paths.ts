import type { Backend, Link, Machine } from '@berth/core'

import { interfaceChanges, linkChanges } from './diff-links.ts'
import type { HostObservation, PathObservation } from './formats/format.ts'
import { mergeInterfaces, mergeLinks } from './merge-links.ts'

/**
 * The machine with what was seen of its paths and network; the same where that is nothing new, and undefined where the
 * paths are not its own.
 */
export function withPaths(machine: Machine, { paths = [], networkInterfaces }: HostObservation): Machine | undefined {
  const ends = endsOf(machine, paths)
  if (ends === undefined) return undefined
  const links = paths.map(({ line: _line, backend: _backend, ...path }, at): Link => ({ ...path, ...ends[at]! }))
  const after = { ...machine, links, ...(networkInterfaces && { networkInterfaces }) }
  const itself = new Map(machine.devices.map((device) => [device, device]))
  if (linkChanges(machine, after, itself).length + interfaceChanges(machine, after).length === 0) return machine
  const interfaces = mergeInterfaces(machine.networkInterfaces, networkInterfaces)
  return {
    ...machine,
    links: mergeLinks(machine.links, links),
    ...(interfaces && { networkInterfaces: interfaces }),
  }
}

/**
 * The two devices of each path; undefined where one is not known. Tools number all GPUs of their vendor in the order that
 * they are known by, none of them cut up; by bus ids there may be fewer.
 */
function endsOf(machine: Machine, paths: readonly PathObservation[]): readonly Pick<Link, 'from' | 'to'>[] | undefined {
  const cardsOf = (backend: Backend) => machine.devices.filter((device) => device.backend === backend)
  const isWhole = [...new Set(paths.map(({ backend }) => backend))].every((backend) => {
    const numbers = new Set(paths.filter((path) => path.backend === backend).flatMap(({ from, to }) => [from, to]))
    const cards = cardsOf(backend)
    const isCut = cards.some(({ migParent }) => migParent !== undefined)
    return !isCut && ([...numbers].every((end) => typeof end === 'string') || numbers.size === cards.length)
  })
  const found = paths.map(({ from, to, backend }) => {
    const cards = cardsOf(backend)
    const [one, other] = [from, to].map((end) =>
      typeof end === 'number' ? cards[end] : cards.find(({ pciBusId }) => pciBusId === end),
    )
    return one && other ? { from: one.id, to: other.id } : undefined
  })
  return isWhole && found.every((pair) => pair !== undefined) ? found : undefined
}
