import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Files, llamaFolder, SMALL } from '@berth/exl2/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { berth, type Ended, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3090 } from './nvidia-smi.ts'

const folder = temporaryFolder()
const card = folder.write('one.xml', nvidiaSmiXml([rtx3090]))

/** By repository; a name with a slash lies in a folder of it. */
const repositories: Readonly<Record<string, Files>> = {
  whole: llamaFolder(SMALL),
  several: Object.fromEntries(Object.entries(llamaFolder(SMALL)).map(([name, file]) => [`4.0bpw/${name}`, file])),
  damaged: { ...llamaFolder(SMALL), 'config.json': '{"architectures":' },
  nothing: { 'README.md': '#' },
}

const bytesOf = (file: Files[string]): Uint8Array => (typeof file === 'string' ? new TextEncoder().encode(file) : file)

/** Lists repositories `org/<name>` and answers ranges of their files, as the hub does. */
const hub: Server = createServer((request, response) => {
  const [path = ''] = decodeURIComponent(request.url ?? '').split('?')
  const [, api, name = '', rest = ''] = /^(\/api\/models)?\/org\/(\w+)\/(?:tree|resolve)\/main\/?(.*)$/.exec(path) ?? []
  const files = repositories[name] ?? {}
  if (api) {
    const listed = Object.entries(files).filter(([file]) => rest === '' || file.startsWith(`${rest}/`))
    const entries = listed.map(([file, content]) => ({ type: 'file', path: file, oid: 'a', size: content.length }))
    response.setHeader('content-type', 'application/json').end(JSON.stringify(entries))
    return
  }
  const file = files[rest]
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  if (file === undefined || from === undefined) return void response.writeHead(404).end()
  const all = bytesOf(file)
  const part = all.subarray(Number(from), Number(to) + 1)
  const range = `bytes ${from}-${Number(from) + part.length - 1}/${all.length}`
  response.writeHead(206, { 'content-range': range, 'content-length': part.length }).end(part)
})

let origin = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(hub.address() as AddressInfo).port}`
})
afterAll(() => hub.close())

const planned = (model: string): Promise<Ended> => {
  const how = ['--model', model, '--engine', 'exllamav2', '--ctx', '4096']
  return berth(['plan', '--machine', card, ...how], { env: { HF_ENDPOINT: origin } })
}

describe('a folder on the hub', () => {
  it.each([
    ['hf:org/whole', '-m models/whole '],
    // Of a repository of several only this folder is put anywhere.
    ['hf:org/several@main/4.0bpw', '-m models/4.0bpw '],
  ])('%s is started from where it is put', async (address, argument) => {
    const { code, stdout, stderr } = await planned(address)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(argument)
  })

  it.each([
    ['hf:org/damaged', /^error: --model: config\.json is not JSON/],
    ['hf:org/nothing', /^error: --model: .*no GGUF/i],
    ['hf:org/nothing:Q4_K_M', /^error: --model: .*no GGUF/i],
  ])('%s is refused with what is wrong with it', async (address, message) => {
    const { code, stdout, stderr } = await planned(address)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(message)
  })
})
