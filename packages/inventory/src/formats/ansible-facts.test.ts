import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, readingOf } from '../testing/read.ts'

const facts = (name: string) => ({
  ansible_nodename: name,
  ansible_system: 'Linux',
  ansible_memtotal_mb: 64215,
  ansible_memory_mb: { nocache: { free: 60000, used: 4215 }, real: { free: 2000, total: 64215, used: 62215 } },
  ansible_processor: ['0', 'AuthenticAMD', 'AMD EPYC 7313P', '1', 'AuthenticAMD', 'AMD EPYC 7313P'],
  ansible_processor_vcpus: 32,
})
const json = (value: object) => JSON.stringify({ ansible_facts: value, changed: false }, null, 4)
const machine = (name: string) => ({
  id: name,
  name,
  os: 'linux',
  hostMemoryTotal: mebibytes(64215),
  hostMemoryUsed: mebibytes(4215),
  cpuName: 'AMD EPYC 7313P',
  cpuCores: 32,
  devices: [],
  links: [],
})
const bare = (value: object) =>
  Object.fromEntries(Object.entries(value).map(([key, fact]) => [key.replace('ansible_', ''), fact]))

describe('facts of Ansible', () => {
  it.each([
    ['a file of --tree', json(facts('lab-11'))],
    ['facts without their prefix', json(bare(facts('lab-11')))],
    ['what setup prints on a screen', `lab-11 | SUCCESS => ${json(facts('somewhere'))}\n`],
  ])('tell memory, processor and system: %s', (_, text) => {
    expect(readingOf(text).machines).toEqual([machine('lab-11')])
  })

  it('are read for many hosts at once', () => {
    const text = ['a1', 'a2'].map((name) => `${name} | SUCCESS => ${json(facts(name))}`).join('\n')
    expect(readingOf(text).machines).toEqual([machine('a1'), machine('a2')])
  })

  it('name the fact that is no figure', () => {
    const broken = { ...facts('a'), ansible_memory_mb: { nocache: { used: 'x' } } }
    const issue = { code: 'value-invalid', format: 'ansible-facts', line: 8 }
    expect(issueOf(json(broken))).toMatchObject({ ...issue, field: 'ansible_facts.ansible_memory_mb.nocache.used' })
    expect(issueOf(`a | SUCCESS => ${json(broken)}`)).toMatchObject(issue)
  })
})
