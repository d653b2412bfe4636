import { interfaceName, isVirtualName } from '../text/interface-names.ts'
import { endWhile } from '../text/lines.ts'
import { readMegabits } from '../text/network-speed.ts'
import type { NetworkReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const lineCharacters = 1024
const settings = new RegExp(`^Settings for (${interfaceName}):\\s*$`)
/** What a user without rights is told between the settings. */
const refusal = /^(?:Cannot get|netlink error|No data available)/

const isPart = (line: string): boolean =>
  line.length <= lineCharacters && (/^\s+\S/.test(line) || refusal.test(line) || settings.test(line))

/** `ethtool <interface>`, of one or several: the speed it has agreed on with the other end. */
export const ethtool: TextFormat = {
  id: 'ethtool',
  rank: 1,
  kind: 'text',
  starts: (lines, at) => lines[at]!.length <= lineCharacters && settings.test(lines[at]!),
  end: (lines, at) => endWhile(lines, at, isPart),
  read: (section) => {
    const network: NetworkReading[] = []
    for (const text of section.lines) {
      const name = settings.exec(text)?.[1]
      if (name !== undefined) {
        const isVirtual = isVirtualName(name) ? (true as const) : undefined
        network.push(defined({ name, bitsPerSecond: 0, isVirtual }))
      }
      const speed = /^\s+Speed:\s*(\d{1,12})Mb\/s\s*$/.exec(text)?.[1]
      const last = network.at(-1)
      if (speed !== undefined && last !== undefined) {
        network[network.length - 1] = { ...last, bitsPerSecond: readMegabits(speed) }
      }
    }
    return { ...nothingRead, network }
  },
}
