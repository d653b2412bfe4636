import { parseLlamaServer } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const folder = temporaryFolder()
const two = folder.write('two.xml', nvidiaSmiXml([rtx3090, rtx3090]))
const small = folder.write('small.xml', nvidiaSmiXml([rtx3060]))
const planned = ['plan', '--model', 'catalogue:llama-3.3-70b:Q4_K_M', '--ctx', '8192']

describe('berth plan --as', () => {
  it('prints a Compose file and nothing else', async () => {
    const { code, stdout, stderr } = await berth([...planned, '--machine', two, '--as', 'compose'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [service] = Object.values<{ image: string; command: readonly string[] }>(parse(stdout).services)
    expect(service!.image).toBe('ghcr.io/ggml-org/llama.cpp:server-cuda')
    const read = parseLlamaServer(service!.command)
    expect(read.ok && read.value.tensorSplit?.reduce((sum, share) => sum + share, 0)).toBe(81)
  })

  it('prints a unit, and a manifest', async () => {
    expect((await berth([...planned, '--machine', two, '--as', 'systemd'])).stdout).toMatch(
      /^ExecStart=\/usr\/bin\/env llama-server /m,
    )
    expect((await berth([...planned, '--machine', two, '--as', 'kubernetes'])).stdout).toMatch(/^kind: "Deployment"$/m)
  })

  it('says why where it does not fit, with exit code 2', async () => {
    const { code, stdout } = await berth([...planned, '--machine', small, '--as', 'compose'])
    expect(code).toBe(2)
    expect(stdout).toContain('does not fit')
  })

  it('deploys one model at a time', async () => {
    const { code, stderr } = await berth([
      ...planned,
      '--machine',
      two,
      '--as',
      'compose',
      '--also',
      'catalogue:qwen3-0.6b:Q4_K_M',
    ])
    expect(code).toBe(1)
    expect(stderr).toContain('--as: one model at a time; leave --also out')
  })
})

describe('models planned together', () => {
  it('listen on ports of their own', async () => {
    const model = 'catalogue:qwen3-0.6b:Q4_K_M'
    const { stdout } = await berth([
      'plan',
      '--machine',
      two,
      '--model',
      model,
      '--also',
      model,
      '--ctx',
      '4096',
      '--json',
    ])
    const ports = JSON.parse(stdout).launches.map(({ arguments: list }: { arguments: readonly string[] }) =>
      list.indexOf('--port') === -1 ? undefined : list[list.indexOf('--port') + 1],
    )
    expect(ports).toEqual([undefined, '8081'])
  })
})

it('names the versions of the engine that are described', async () => {
  const { code, stderr } = await berth([...planned, '--machine', two, '--engine-version', '0.0.1'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/--engine-version: llama\.cpp is described as 0\.5\.0-dev/)
})
