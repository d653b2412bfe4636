import { copyFileSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { encodeHeader } from '@berth/gguf/encode'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3090 } from './nvidia-smi.ts'

const MODEL = 'catalogue:llama-3.3-70b:Q4_K_M'

const folder = temporaryFolder()
const machine = folder.write('machine.xml', nvidiaSmiXml([rtx3090]))
const plan = (...args: readonly string[]) => berth(['plan', '--machine', machine, '--model', MODEL, ...args])

/** Every refusal: exit code 1, nothing on standard output, one line on standard error. */
const expectRefusal = ({ code, stdout, stderr }: Awaited<ReturnType<typeof berth>>, message: RegExp) => {
  expect({ code, stdout, lines: stderr.trimEnd().split('\n').length }, stderr).toEqual({
    code: 1,
    stdout: '',
    lines: 1,
  })
  expect(stderr).toMatch(/^error: /)
  expect(stderr).toMatch(message)
}

describe('options out of range name the option and the limit', () => {
  it.each([
    [['--ctx', '-1'], /--ctx.*0 to 2147483647/],
    [['--ctx', '8k'], /--ctx.*whole number/],
    [['--ctx', '99999999999999999999'], /--ctx.*0 to 2147483647/],
    [['--parallel', '0'], /--parallel.*1 to 256/],
    [['--parallel', '257'], /--parallel.*1 to 256/],
    [['--ubatch', '0'], /--ubatch.*1 to/],
    [['--ctk', 'q3_K'], /--ctk.*q8_0/],
    [['--fa', 'maybe'], /--fa.*on, off, auto/],
    [['--split-mode', 'column'], /--split-mode.*layer/],
    [['--engine', 'vllm'], /--engine.*llama\.cpp/],
    [['--margin', '1e99'], /--margin.*whole number/],
    [['--frobnicate'], /unknown option '--frobnicate'/],
  ])('%j', async (args, message) => expectRefusal(await plan(...args), message))

  it('asks for what is missing', async () => {
    expectRefusal(await berth(['plan', '--model', MODEL]), /--machine/)
    expectRefusal(await berth(['plan', '--machine', machine]), /--model/)
  })

  it('knows no other commands', async () =>
    expectRefusal(await berth(['pln']), /unknown command 'pln' \(Did you mean plan\?\)/))
})

describe('machines that cannot be read', () => {
  const xml = nvidiaSmiXml([rtx3090])
  const files: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ['empty.txt', '', /--machine: /],
    ['prose.txt', 'There are two cards in the rack.\n', /--machine: /],
    ['cut.xml', xml.slice(0, xml.length / 2), /--machine: .*line/i],
    ['binary.bin', Uint8Array.from({ length: 5000 }, (_, index) => (index * 7919) % 256), /--machine: /],
    ['entities.xml', `<!DOCTYPE nvidia_smi_log [<!ENTITY a "aaaa">]>${xml}`, /--machine: /],
    ['escape.txt', '\u{1B}[2J\u{1B}]0;owned\u{7}\n', /--machine: /],
    ['other.json', '{"berth":"machine","version":99}', /--machine: .*version/],
    ['negative.json', '{"berth":"machine","version":1,"name":"a","devices":[{"memoryTotal":-1}]}', /--machine: /],
    ['deep.json', '['.repeat(100_000), /--machine: /],
  ]

  it.each(files)('%s', async (name, content, message) => {
    const ended = await berth(['plan', '--machine', folder.write(name, content), '--model', MODEL])
    expectRefusal(ended, message)
    expect(ended.stderr).not.toMatch(/\p{Cc}(?<!\n)/u)
  })

  it('a file that does not exist, a folder, an endless file', async () => {
    const missing = await berth(['plan', '--machine', folder.path('missing.xml'), '--model', MODEL])
    expectRefusal(missing, /--machine: .*missing\.xml cannot be read: there is no such file/)
    const aFolder = await berth(['plan', '--machine', folder.path('.'), '--model', MODEL])
    expectRefusal(aFolder, /--machine: .* it is a folder/)
    if (process.platform === 'win32') return
    const endless = await berth(['plan', '--machine', '/dev/zero', '--model', MODEL])
    expectRefusal(endless, /--machine: \/dev\/zero is longer than 33554432 bytes/)
  })

  it('nothing on standard input', async () => {
    expectRefusal(await berth(['import', '-']), /import: /)
  })
})

describe('models that cannot be read', () => {
  const planFor = (model: string) => berth(['plan', '--machine', machine, '--model', model])

  const text = (value: string) => ({ type: 'string', value }) as const
  const files: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty.gguf', new Uint8Array(), /--model: /],
    ['prose.gguf', new TextEncoder().encode('not a model'), /--model: Not a GGUF file/],
    ['short.gguf', new TextEncoder().encode('GGUF\u{3}\0\0\0'), /--model: /],
    // 2^64 - 1 tensors and as many keys.
    [
      'huge.gguf',
      Uint8Array.from([71, 71, 85, 70, 3, 0, 0, 0, ...Array.from({ length: 16 }, () => 255)]),
      /--model: .*limit/,
    ],
    ['bare.gguf', encodeHeader({ metadata: {}, tensors: [] }), /--model: The header has no general\.architecture/],
    [
      'clip.gguf',
      encodeHeader({ metadata: { 'general.architecture': text('clip') }, tensors: [] }),
      /--model: .*architecture clip/,
    ],
    [
      'blocks.gguf',
      encodeHeader({
        metadata: { 'general.architecture': text('llama'), 'llama.block_count': { type: 'u32', value: 4_000_000_000 } },
        tensors: [],
      }),
      /--model: llama\.block_count is 4000000000; it must be a whole number from 1 to 512/,
    ],
  ]

  it.each(files)('%s', async (name, content, message) =>
    expectRefusal(await planFor(folder.write(name, content)), message),
  )

  it.each([
    ['catalogue:no-such-model:Q4_K_M', /--model: the catalogue has no "no-such-model"/],
    ['catalogue:llama-3.3-70b:Q9', /--model: llama-3\.3-70b has no mix "Q9"; it has .*Q4_K_M/],
    ['./missing.gguf', /--model: .*missing\.gguf does not exist/],
    ['ftp://example.com/model.gguf', /--model: .*ftp/],
    ['http://user:secret@example.com/m.gguf', /--model: .*password/],
  ])('%s', async (model, message) => expectRefusal(await planFor(model), message))

  describe('over HTTP', () => {
    const server = createServer((request, response) => {
      if (request.url === '/closes.gguf') return request.socket.destroy()
      response.writeHead(request.url === '/page.gguf' ? 200 : 404).end('<html>')
      return undefined
    })
    let origin = ''
    beforeAll(
      () =>
        new Promise<void>((resolve) =>
          server.listen(0, '127.0.0.1', () => {
            origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
            resolve()
          }),
        ),
    )
    afterAll(() => server.close())

    it.each([
      ['/missing.gguf', /--model: .* does not exist/],
      ['/page.gguf', /--model: Not a GGUF file/],
      ['/closes.gguf', /--model: http:\/\/127\.0\.0\.1/],
    ])('%s', async (path, message) => expectRefusal(await planFor(origin + path), message))
  })
})

it('berth says what to run when it was never built', () => {
  mkdirSync(folder.path('bin'))
  copyFileSync(join(import.meta.dirname, '../bin/berth.mjs'), folder.path('bin/berth.mjs'))
  const ended = spawnSync(process.execPath, [folder.path('bin/berth.mjs'), 'models'], { encoding: 'utf8' })
  expect(ended.status).toBe(1)
  expect(ended.stderr).toMatch(/^error: berth is not built yet: run `npm start`/)
})

it('every command explains itself', async () => {
  for (const args of [['--help'], ['plan', '--help'], ['import', '--help'], ['models', '--help']]) {
    const { code, stdout, stderr } = await berth(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: berth/)
  }
})
