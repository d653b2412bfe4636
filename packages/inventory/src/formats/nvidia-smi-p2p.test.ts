import { describe, expect, it } from 'vitest'

import { mergeMachine } from '../merge.ts'
import { issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const uuid = (index: number): string => `GPU-1b2c3d4e-0000-4000-8000-00000000000${index}`
const cards = [
  'index, name, uuid, memory.total [MiB]',
  ...[0, 1, 2].map((index) => `${index}, NVIDIA L40S, ${uuid(index)}, 46068 MiB`),
].join('\n')

const legend = `
Legend:

  X    = Self
  OK   = Status Ok
  CNS  = Chipset not supported
  GNS  = GPU not supported
  TNS  = Topology not supported
  NS   = Not supported
  DR   = Disabled by regkey
  U    = Unknown
`
const matrix = ` \t\u001b[4mGPU0\tGPU1\tGPU2\u001b[0m\t
 GPU0\tX\tOK\tCNS\t
 GPU1\tOK\tX\tGNS\t
 GPU2\tCNS\tGNS\tX\t
${legend}`
const topo =
  '\tGPU0\tGPU1\tGPU2\tCPU Affinity\nGPU0\t X \tNV4\tSYS\t0-7\nGPU1\tNV4\t X \tSYS\t0-7\nGPU2\tSYS\tSYS\t X \t8-15\n'

const peers = (text: string) =>
  machineOf(text).links.map(({ from, to, kind, peerAccess }) =>
    [from.slice(-1), to.slice(-1), kind, peerAccess].join(' '),
  )
const expected = ['0 1 unknown OK', '0 2 unknown CNS', '1 2 unknown GNS']

describe('nvidia-smi topo -p2p', () => {
  it.each([
    ['before the cards', `${matrix}\n${cards}`],
    ['after the cards', `${cards}\n\n${matrix}`],
    ['with tabs expanded to spaces', `${matrix.replaceAll('\t', '        ')}\n${cards}`],
    ['with the tabs lost', `${matrix.replaceAll('\t', '')}\n${cards}`],
    ['without its legend', `${matrix.replace(legend, '')}\n\n${cards}`],
    ['with the escape characters lost from its colour codes', `${matrix.replaceAll('\u001b', '')}\n${cards}`],
    ['with the command', `$ nvidia-smi topo -p2p rw\n${matrix}\n${cards}`],
    ['between the matrix of paths and a title', `${cards}\n\n${matrix}\n# done\n`],
  ])('reads what GPUs may do with each other %s', (_, text) => {
    expect(peers(text)).toEqual(expected)
    expect(warningCodes(text)).toEqual([])
  })

  it.each([
    ['before it', `${topo}\n${matrix}`],
    ['after it', `${matrix}\n${topo}`],
  ])('joins the paths of topo -m, %s', (_, matrices) =>
    expect(peers(`${cards}\n\n${matrices}`)).toEqual(['0 1 NV4 OK', '0 2 SYS CNS', '1 2 SYS GNS']),
  )

  const pair = (one: string, other = one): string => `\tGPU0\tGPU1\nGPU0\tX\t${one}\nGPU1\t${other}\tX\n`
  const asked = (capability: string, ...codes: readonly [string, string?]): string =>
    `$ nvidia-smi topo -p2p ${capability}\n${pair(...codes)}\n`

  it.each<readonly [string, string, string | undefined]>([
    ['one way only', asked('r', 'OK', 'CNS'), 'CNS'],
    ['the other way only', asked('r', 'CNS', 'OK'), 'CNS'],
    ['one way only, of what nobody knows what it is', pair('CNS', 'OK'), 'CNS'],
    ['reading, not writing', asked('r', 'OK') + asked('w', 'TNS'), 'TNS'],
    ['writing, not reading', asked('w', 'DR') + asked('r', 'OK'), 'DR'],
    ['no NVLink, which PCIe does not need', asked('r', 'OK') + asked('n', 'NS'), 'OK'],
    ['no atomics', asked('a', 'NS'), undefined],
    ['NVLink, which needs no more', asked('n', 'OK'), 'OK'],
    ['a driver that does not know', asked('r', 'U'), 'U'],
    ['several of which none says what it is', `${pair('NS')}\n${pair('OK')}\n${pair('NS')}\n`, 'OK'],
    [
      'several that one line asked for',
      `$ nvidia-smi topo -p2p r; nvidia-smi topo -p2p a\n${pair('OK')}\n${pair('NS')}\n`,
      'OK',
    ],
    ['two that agree', `${pair('CNS')}\n${pair('CNS')}\n`, 'CNS'],
    ['one that says, against one that does not', `${pair('OK')}\n${asked('r', 'GNS')}`, 'GNS'],
  ])('knows what was asked for: %s', (_, matrices, access) =>
    expect(machineOf(`${cards}\n\n${matrices}`).links.map(({ peerAccess }) => peerAccess)).toEqual(
      access === undefined ? [] : [access],
    ),
  )

  it('says what of a matrix tells nothing', () => {
    expect(readingOf(`${cards}\n\n${asked('a', 'NS')}`).warnings).toMatchObject([
      { code: 'section-ignored', format: 'nvidia-smi-p2p', detail: 'topo -p2p a, but for OK' },
    ])
  })

  it.each<readonly [string, string, object]>([
    [
      'a cell that is none',
      matrix.replace('GPU1\tOK\tX\tGNS', 'GPU1\tOK\tX\tMAYBE'),
      { code: 'value-invalid', line: 3, field: 'GPU1' },
    ],
    [
      'a cell too few',
      matrix.replace('GPU1\tOK\tX\tGNS', 'GPU1\tOK\tX'),
      { code: 'value-invalid', line: 3, field: 'GPU1' },
    ],
    [
      'a cell too many',
      matrix.replace('GPU1\tOK\tX\tGNS', 'GPU1\tOK\tX\tGNS\tOK'),
      { code: 'value-invalid', line: 3, field: 'GPU1' },
    ],
    [
      'more GPUs than a machine has',
      `\t${Array.from({ length: 129 }, (_, gpu) => `GPU${gpu}`).join('\t')}\nGPU0\tX\tOK\n`,
      { code: 'limit-exceeded', line: 1, limit: 128 },
    ],
    ['no card and no name', matrix, { code: 'host-not-named', line: 1 }],
  ])('refuses %s', (_, text, issue) =>
    expect(issueOf(`${text}\n${text === matrix ? '' : cards}`)).toMatchObject({ format: 'nvidia-smi-p2p', ...issue }),
  )

  it('leaves out what it says of GPUs that nothing names', () => {
    const text = `${cards.split('\n').slice(0, 3).join('\n')}\n\n${matrix}`
    expect(peers(text)).toEqual(expected.slice(0, 1))
    expect(warningCodes(text)).toEqual(['link-unmatched'])
  })

  it('changes nothing when it is read twice, and no class that is known', () => {
    const first = machineOf(`${cards}\n\n${topo}`)
    const second = machineOf(`${cards}\n\n${matrix}`)
    const { machine, diff } = mergeMachine(first, second)
    expect(machine.links).toEqual([
      { from: uuid(0), to: uuid(1), kind: 'NV4', peerAccess: 'OK' },
      { from: uuid(0), to: uuid(2), kind: 'SYS', peerAccess: 'CNS' },
      { from: uuid(1), to: uuid(2), kind: 'SYS', peerAccess: 'GNS' },
    ])
    expect(diff.fields).toEqual([
      { field: 'GPU 0 to GPU 1 peerAccess', after: 'OK' },
      { field: 'GPU 0 to GPU 2 peerAccess', after: 'CNS' },
      { field: 'GPU 1 to GPU 2 peerAccess', after: 'GNS' },
    ])
    for (const again of [first, second, machine]) {
      const twice = mergeMachine(machine, again)
      expect(twice.machine).toEqual(machine)
      expect(twice.diff.fields).toEqual([])
    }
  })
})
