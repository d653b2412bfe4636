import { isRecord, textOf } from '../json/check.ts'
import { limits } from '../limits.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseNumber, saysUnknown } from '../text/figures.ts'
import type { HostReading, JsonFormat } from './format.ts'
import { defined } from './format.ts'

/** `ansible -m setup --tree`: one host's facts. They know no GPU, but memory, processor and name. */
export const ansibleFacts: JsonFormat = {
  id: 'ansible-facts',
  rank: 1,
  kind: 'json',
  accepts: (value) => isRecord(value) && isRecord(value['ansible_facts']),
  readJson: (value, section, notes) => {
    const facts = (value as { readonly ansible_facts: Readonly<Record<string, unknown>> }).ansible_facts
    const read = <Value>(name: string, parse: (text: string) => Figure<Value>): Value | undefined => {
      const fact = facts[name] ?? facts[name.replace(/^ansible_/, '')]
      const figure = fact === undefined ? undefined : parse(textOf(fact))
      if (figure !== 'invalid') return figure
      notes.refuse('value-invalid', { line: section.firstLine, field: name, detail: textOf(fact) })
      return undefined
    }
    const host: HostReading = defined({
      memoryTotal: read('ansible_memtotal_mb', (text) => parseMemory(text, 'MiB')),
      cpuCores: read('ansible_processor_vcpus', parseNumber),
    })
    const name = read('ansible_nodename', parseName) ?? read('ansible_hostname', parseName)
    const reading = { devices: [], host }
    return name === undefined ? reading : { devices: [], hosts: [{ hostName: section.hostName ?? name, reading }] }
  },
}

const parseName = (text: string): Figure<string> =>
  saysUnknown(text) || text.length > limits.hostNameCharacters ? undefined : text
