import type { OperatingSystem } from '@berth/core'

import { isRecord } from '../json/check.ts'
import type { JsonFields } from '../json/read-field.ts'
import { fieldsOf, readFields } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { parseHostName, parseMebibytes, parseNumber } from '../text/figures.ts'
import type { HostReading, JsonFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const systems: ReadonlyMap<unknown, OperatingSystem> = new Map([
  ['Linux', 'linux'],
  ['Darwin', 'macos'],
  ['Win32NT', 'windows'],
])

/** `ansible -m setup`: one host's facts. They know no GPU, but memory, processor and name. */
export const ansibleFacts: JsonFormat = {
  id: 'ansible-facts',
  rank: 1,
  kind: 'json',
  accepts: (value) => isRecord(value) && isRecord(value['ansible_facts']),
  readJson: (value, section, notes) => {
    const given = fieldsOf(fieldsOf(value)['ansible_facts'])
    // Facts gathered with `inject_facts_as_vars` off have no prefix.
    const facts: JsonFields = Object.fromEntries(
      Object.entries(given).map(([name, fact]) => [name.replace(/^(?!ansible_)/, 'ansible_'), fact]),
    )
    const { need } = readFields(facts, { path: ['ansible_facts'], section, notes })
    const withoutCache = fieldsOf(fieldsOf(facts['ansible_memory_mb'])['nocache'])
    const path = ['ansible_facts', 'ansible_memory_mb', 'nocache']
    const host: HostReading = defined({
      os: systems.get(facts['ansible_system']),
      memoryTotal: need('ansible_memtotal_mb', parseMebibytes),
      // What the cache holds is free for the asking, as in `MemAvailable`.
      memoryUsed: readFields(withoutCache, { path, section, notes }).need('used', parseMebibytes),
      cpuCores: need('ansible_processor_vcpus', parseNumber),
      cpuName: processorOf(facts['ansible_processor']),
    })
    const name = need('ansible_nodename', parseHostName) ?? need('ansible_hostname', parseHostName)
    const reading = { ...nothingRead, host }
    return name === undefined ? reading : { ...nothingRead, hosts: [{ hostName: section.hostName ?? name, reading }] }
  },
}

/** A list of number, maker and model of each core: the first that is a model's name. */
function processorOf(list: unknown): string | undefined {
  const parts: readonly unknown[] = Array.isArray(list) ? list : []
  const model = parts.find((part): part is string => typeof part === 'string' && /\s/.test(part.trim()))
  return model?.trim().slice(0, limits.nameCharacters)
}
