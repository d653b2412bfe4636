import { isRecord } from '../json/check.ts'
import type { JsonFields } from '../json/read-field.ts'
import { lineOf } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { interfaceName, isVirtualName } from '../text/interface-names.ts'
import type { JsonFormat, NetworkReading } from './format.ts'
import { defined, nothingRead } from './format.ts'

const wholeName = new RegExp(`^${interfaceName}$`)
/** What joins cards rather than making one: their speed is the card's, or the sum of the cards'. */
const physicalKinds = new Set(['bond', 'team'])
/** States in which nothing can be sent; `UNKNOWN` is what drivers that tell none say. */
const down = new Set(['DOWN', 'LOWERLAYERDOWN', 'NOTPRESENT'])

/** `ip -j link`: which interfaces there are, with `-d` which of them are software; addresses are not looked at. */
export const ipLinkJson: JsonFormat = {
  id: 'ip-link-json',
  rank: 2,
  kind: 'json',
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(isInterface),
  readJson: (value, section, notes) => {
    const entries = value as readonly JsonFields[]
    const network = entries.flatMap((entry, place): readonly NetworkReading[] => {
      const name = entry['ifname'] as string
      if (!wholeName.test(name)) {
        const line = lineOf({ path: [place, 'ifname'], section, notes })
        notes.warn('value-ignored', { line, field: `[${place}].ifname`, detail: name })
        return []
      }
      return [
        defined({
          name,
          bitsPerSecond: down.has(String(entry['operstate'])) ? 0 : undefined,
          isVirtual: isVirtual(entry, name) ? (true as const) : undefined,
        }),
      ]
    })
    return { ...nothingRead, network }
  },
}

/** An empty object stands where `ip` prints none, as it does of a namespace's other end. */
const isInterface = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value['ifname'] === 'string' &&
  value['ifname'].length <= limits.nameCharacters &&
  'flags' in value

function isVirtual(entry: JsonFields, name: string): boolean {
  if (entry['link_type'] === 'loopback' || entry['link_type'] === 'none' || isVirtualName(name)) return true
  const info = entry['linkinfo']
  const kind = isRecord(info) ? info['info_kind'] : undefined
  return typeof kind === 'string' && !physicalKinds.has(kind)
}
