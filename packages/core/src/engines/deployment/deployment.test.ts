import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import type { Backend } from '../../machine/machine.ts'
import { requestDefaults } from '../../memory/settings.ts'
import { llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { tokens } from '../../units.ts'
import type { Engine, LaunchInput, ModelSource } from '../engine.ts'
import type { Launch } from '../launch.ts'
import { llamaCpp } from '../llama-cpp.ts'
import { parseLlamaServer } from '../llama-cpp-arguments.ts'
import { deploymentsOf } from './index.ts'
import { toSystemd } from './systemd.ts'

const model = llamaModel(llama8b)
const request = { ...requestDefaults, contextLength: tokens(8192), splitMode: 'layer' as const }
const file: ModelSource = { kind: 'path', path: '/srv/models/llama 8B $x.gguf' }

function inputFor(source: ModelSource, backend: Backend = 'cuda', uuids = true): LaunchInput {
  const made = machineOf([
    { gib: 24, backend },
    { gib: 4, backend },
    { gib: 4, backend },
  ])
  const devices = made.devices.map(({ uuid: _, ...device }, at) => ({ ...device, ...(uuids && { uuid: `GPU-${at}` }) }))
  const machine = { ...made, name: 'lab-07', devices }
  const verdict = plan({ model, engine: llamaCpp, request, machine, preference: 'headroom' })
  if (!verdict.fits) throw new Error('the fixture does not fit')
  const split = { ...verdict.best.split, devices: [1, 2].map((at) => ({ device: devices[at]!.id, layers: at + 15 })) }
  return { placement: { ...verdict.best, split }, machine, source }
}

const formOf = (form: string, input: LaunchInput, engine: Engine = llamaCpp): string =>
  deploymentsOf(engine, input).find((one) => one.form === form)!.content

/** What Compose passes on: `$$` is a dollar, and a lone one would be a variable. */
const fromCompose = (text: string): string => {
  expect(text.replaceAll('$$', '')).not.toContain('$')
  return text.replaceAll('$$', '$')
}

interface Service {
  readonly command: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  readonly deploy: { readonly resources: { readonly reservations: { readonly devices: readonly [Reserved] } } }
}

interface Reserved {
  readonly device_ids: readonly string[]
}

describe('a Compose file', () => {
  const service = (input: LaunchInput) => Object.values(parse(formOf('compose', input)).services)[0] as Service

  it('runs the launch in the image, with the model’s folder and the planned cards only', () => {
    const input = inputFor(file)
    const { command, ...rest } = service(input)
    const read = parseLlamaServer(command.map(fromCompose))
    const told = parseLlamaServer(llamaCpp.launch(input).arguments)
    if (!read.ok || !told.ok) throw new Error('not read')
    expect(read.value).toEqual({ ...told.value, modelPath: '/models/llama 8B $x.gguf' })
    expect(rest).toEqual({
      image: 'ghcr.io/ggml-org/llama.cpp:server-cuda',
      restart: 'unless-stopped',
      environment: { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: 'GPU-1,GPU-2', LLAMA_CACHE: '/cache' },
      ports: ['127.0.0.1:8080:8080'],
      volumes: ['/srv/models:/models:ro', 'cache:/cache'],
      healthcheck: { test: ['CMD', 'curl', '-f', 'http://localhost:8080/health'], start_period: '10m' },
      deploy: {
        resources: {
          reservations: { devices: [{ driver: 'nvidia', device_ids: ['GPU-1', 'GPU-2'], capabilities: ['gpu'] }] },
        },
      },
    })
  })

  it('listens on the image’s own port within, published beside those of the models before it', () => {
    const { command, ports } = service({ ...inputFor(file), position: 2 })
    const alone = service(inputFor(file))
    expect(command).toEqual(alone.command)
    expect(command.slice(-4)).toEqual(['--host', '0.0.0.0', '--port', '8080'])
    expect(parseLlamaServer(command.map(fromCompose)).ok).toBe(true)
    expect(command.filter((one) => one === '--port')).toHaveLength(1)
    expect([alone.ports, ports]).toEqual([['127.0.0.1:8080:8080'], ['127.0.0.1:8082:8080']])
  })

  it('counts cards without a UUID anew within the container', () => {
    const { environment, deploy } = service(inputFor(file, 'cuda', false))
    expect(environment.CUDA_VISIBLE_DEVICES).toBe('0,1')
    expect(deploy.resources.reservations.devices[0].device_ids).toEqual(['1', '2'])
  })

  it('mounts nothing for a model that the engine fetches, but keeps it', () => {
    const { volumes, command } = service(
      inputFor({ kind: 'hub', repository: 'org/model-GGUF', quantization: 'Q4_K_M' }),
    )
    expect(volumes).toEqual(['cache:/cache'])
    expect(command.slice(0, 2)).toEqual(['-hf', 'org/model-GGUF:Q4_K_M'])
  })

  it('carries the files that the launch needs, their dollars escaped', () => {
    const files = [{ name: 'Modelfile', language: 'modelfile', content: 'FROM $x\n', use: 'needed' } as const]
    const container = { ...llamaCpp.container!, launch: (input: LaunchInput) => ({ ...llamaCpp.launch(input), files }) }
    const { configs, services } = parse(formOf('compose', inputFor(file), { ...llamaCpp, container })) as {
      configs: Readonly<Record<string, { readonly content: string }>>
      services: Readonly<Record<string, { readonly configs: unknown }>>
    }
    expect(fromCompose(configs['Modelfile']!.content)).toBe('FROM $x\n')
    expect(Object.values(services)[0]!.configs).toEqual([{ source: 'Modelfile', target: '/config/Modelfile' }])
  })

  it('gives AMD’s cards by their device nodes', () => {
    const amd = service(inputFor(file, 'rocm', false))
    expect(amd).toMatchObject({
      image: 'ghcr.io/ggml-org/llama.cpp:server-rocm',
      devices: ['/dev/kfd:/dev/kfd', '/dev/dri:/dev/dri'],
      environment: { HIP_VISIBLE_DEVICES: '1,2' },
    })
  })
})

describe('a Kubernetes manifest', () => {
  it('binds the pod to the planned node and cards', () => {
    const input = inputFor(file)
    const [deployment, service] = parseAllDocuments(formOf('kubernetes', input)).map((one) => one.toJS())
    const { spec } = deployment.spec.template
    expect(spec.nodeSelector).toEqual({ 'kubernetes.io/hostname': 'lab-07' })
    expect(spec.containers[0].env[0]).toEqual({ name: 'NVIDIA_VISIBLE_DEVICES', value: 'GPU-1,GPU-2' })
    expect(spec.volumes[1]).toEqual({ name: 'models', hostPath: { path: '/srv/models', type: 'Directory' } })
    expect(parseLlamaServer(spec.containers[0].args).ok).toBe(true)
    expect(service.spec.selector).toEqual(deployment.spec.selector.matchLabels)
  })

  it('is not offered for cards that a pod cannot be told by name', () => {
    const forms = deploymentsOf(llamaCpp, inputFor(file, 'rocm', false)).map(({ form }) => form)
    expect(forms).toEqual(['compose', 'systemd'])
  })
})

/** One line of a unit as systemd.service(5) and systemd.syntax(7) read it. */
function words(line: string, command: boolean): readonly string[] {
  const found = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    quoted === undefined ? plain! : quoted.replaceAll(/\\(.)/g, '$1'),
  )
  return found.map((word) => (command ? word.replaceAll('$$', '$') : word).replaceAll('%%', '%'))
}

describe('a systemd unit', () => {
  const launchOf = (list: readonly string[], value = 'x'): Launch => ({
    environment: [{ name: 'NAME', value }],
    program: 'llama-server',
    arguments: list,
    files: [],
    afterwards: [],
  })

  it('passes every argument and variable on as it is', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !/[\0\n\r]/.test(one))
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), text, (list, value) => {
        const lines = toSystemd({ launch: launchOf(list, value), description: 'd', folder: '/f' }).split('\n')
        const at = (name: string): string => lines.find((line) => line.startsWith(`${name}=`))!.slice(name.length + 1)
        expect(words(at('ExecStart'), true)).toEqual(['/usr/bin/env', 'llama-server', ...list])
        expect(words(at('Environment'), false)).toEqual([`NAME=${value}`])
      }),
    )
  })

  it('runs what follows the start until it succeeds', () => {
    const launch = { ...launchOf([]), afterwards: [{ program: 'ollama', arguments: ['create', 'a b'] }] }
    const unit = toSystemd({ launch, description: 'd', folder: '/f' })
    expect(unit).toContain(`ExecStartPost=/bin/sh -c "until ollama create 'a b'; do sleep 2; done"`)
  })

  it('refuses what would end the line', () => {
    expect(() => toSystemd({ launch: launchOf(['a\nExecStartPre=b']), description: 'd', folder: '/f' })).toThrow(
      'a line of a unit cannot hold line breaks or NUL characters',
    )
  })

  it('describes itself on one line', () => {
    const unit = toSystemd({ launch: launchOf([]), description: 'a\nExecStart=b %i', folder: '/f' })
    expect(unit.split('\n')[1]).toBe('Description=a ExecStart=b %%i')
  })
})

it('a library is deployed by nobody but its program', () => {
  const { container: _, ...library } = llamaCpp
  expect(deploymentsOf({ ...library, isService: false }, inputFor(file))).toEqual([])
})
