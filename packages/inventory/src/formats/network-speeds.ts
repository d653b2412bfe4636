import { interfaceName, isVirtualName } from '../text/interface-names.ts'
import { endWhile } from '../text/lines.ts'
import { readMegabits } from '../text/network-speed.ts'
import type { NetworkReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const lineCharacters = 512
const folder = '/sys/class/net/'
const path = String.raw`${folder}(${interfaceName})/speed:`
const speed = new RegExp(String.raw`^${path}\s*(-?\d{1,12})\s*$`)
/** The loopback, a card that is down: the driver answers with an error. */
const failure = new RegExp(String.raw`^(?:\S{1,80}: )?${path} .{1,80}$`)

const isLine = (line: string): boolean =>
  line.length <= lineCharacters && line.includes(folder) && (speed.test(line) || failure.test(line))

/** `grep -H . /sys/class/net/<every one>/speed`: Mbit/s of each interface. */
export const networkSpeeds: TextFormat = {
  id: 'network-speeds',
  rank: 1,
  kind: 'text',
  starts: (lines, at) => isLine(lines[at]!),
  end: (lines, at) => endWhile(lines, at, isLine),
  read: (section) => ({
    ...nothingRead,
    network: section.lines.map((text): NetworkReading => {
      const [, name, megabits] = speed.exec(text) ?? [undefined, failure.exec(text)![1], undefined]
      return defined({
        name: name!,
        bitsPerSecond: readMegabits(megabits ?? ''),
        isVirtual: isVirtualName(name!) ? (true as const) : undefined,
      })
    }),
  }),
}
