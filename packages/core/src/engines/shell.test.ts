import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Launch } from './launch.ts'
import { quotePosix, quotePowerShell, toShell, writtenLaunch } from './shell.ts'

const launch: Launch = {
  environment: [
    { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
    { name: 'CUDA_VISIBLE_DEVICES', value: 'GPU-1,GPU-2' },
  ],
  program: 'llama-server',
  arguments: ['-m', "/models/it's here.gguf", '-ts', '41,40', '-ot', 'pipeline-off=CPU'],
  files: [],
  afterwards: [{ program: 'ollama', arguments: ['create', 'a model'] }],
}

/** What `sh` passes on when it runs a line. */
const printed = (line: string): readonly string[] =>
  execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1)

describe('toShell', () => {
  it('writes one line for sh', () => {
    expect(toShell(launch, 'posix')).toBe(
      String.raw`CUDA_DEVICE_ORDER=PCI_BUS_ID CUDA_VISIBLE_DEVICES=GPU-1,GPU-2 llama-server -m '/models/it'\''s here.gguf' -ts 41,40 -ot 'pipeline-off=CPU'`,
    )
  })

  it('writes one line for PowerShell, where a bare comma makes an array', () => {
    expect(toShell(launch, 'powershell')).toBe(
      "$env:CUDA_DEVICE_ORDER = 'PCI_BUS_ID'; $env:CUDA_VISIBLE_DEVICES = 'GPU-1,GPU-2'; " +
        "llama-server -m '/models/it''s here.gguf' -ts '41,40' -ot 'pipeline-off=CPU'",
    )
  })

  it('calls a program with a blank in its path', () => {
    const elsewhere = { ...launch, environment: [], program: 'C:\\Program Files\\llama-server.exe', arguments: [] }
    expect(toShell(elsewhere, 'powershell')).toBe(String.raw`& 'C:\Program Files\llama-server.exe'`)
  })

  it.each(['A B', 'A=B', '1A', 'A;rm', ''])('refuses %j as the name of a variable', (name) => {
    const wrong = { ...launch, environment: [{ name, value: 'x' }] }
    expect(() => toShell(wrong, 'posix')).toThrow('no name')
    expect(() => toShell(wrong, 'powershell')).toThrow('no name')
  })
})

const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '')),
  fc
    .array(fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ', '!', '*', '~', ';', '&', '|', '=', '-', 'a', ',', '%'))
    .map((parts) => parts.join('')),
)

describe('quotePosix', () => {
  it('reaches the program unchanged through sh', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (values) => {
        expect(printed(`printf '%s\\0' ${values.map(quotePosix).join(' ')}`)).toEqual(values)
      }),
      { numRuns: 60 },
    )
  })

  it('refuses NUL, which no argument can hold', () => {
    expect(() => quotePosix('a\0b')).toThrow('NUL')
  })
})

describe('quotePowerShell', () => {
  /** A single-quoted PowerShell string, read by its grammar: a quote of any kind stands twice, all else for itself. */
  const read = (quoted: string): string => {
    if (!quoted.startsWith("'")) return quoted
    const inner = quoted.slice(1, -1)
    const quotes = inner.match(/['\u2018\u2019\u201A\u201B]+/g) ?? []
    for (const run of quotes) expect(run.length % 2).toBe(0)
    return inner.replaceAll(/(['\u2018\u2019\u201A\u201B])\1/g, '$1')
  }

  it('reads back as it was, typographic quotes too', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.constant('\u2018a\u2019')),
        (value) => void expect(read(quotePowerShell(value))).toBe(value),
      ),
    )
  })

  it.each(['-ts', '--fit', 'off', '8192', String.raw`C:\models\a.gguf`])('leaves %s bare', (value) => {
    expect(quotePowerShell(value)).toBe(value)
  })

  it.each(['41,40', '@x', '%x', '', '--%', '$x', '(a)', '-a:b', '-a.b', '{a}', '#x', '>x'])('quotes %j', (value) => {
    expect(quotePowerShell(value)).toMatch(/^'.*'$/)
  })
})

it('writes a launch for both shells, and what is run after it', () => {
  expect(writtenLaunch(launch)).toEqual({
    ...launch,
    shell: toShell(launch, 'posix'),
    powershell: toShell(launch, 'powershell'),
    afterwards: [
      {
        ...{ program: 'ollama', arguments: ['create', 'a model'] },
        ...{ shell: "ollama create 'a model'", powershell: "ollama create 'a model'" },
      },
    ],
  })
})
