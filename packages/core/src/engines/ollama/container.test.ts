import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { requestDefaults } from '../../memory/settings.ts'
import { llama8b, llamaModel, machineOf } from '../../placement/fixtures.ts'
import { plan } from '../../placement/plan.ts'
import { tokens } from '../../units.ts'
import { deploymentsOf } from '../deployment/index.ts'
import type { Engine } from '../engine.ts'
import { ollama } from './ollama.ts'
import { ollamaEarlier } from './ollama-earlier.ts'

it.each<readonly [Engine, image: string]>([
  [ollama, 'ollama/ollama'],
  [ollamaEarlier, 'ollama/ollama:0.6.8'],
])('a container %# makes the model of the mounted Modelfile once the server answers', (engine, image) => {
  const model = llamaModel(llama8b)
  const machine = machineOf([{ gib: 24 }])
  const verdict = plan({ model, machine, engine, request: { ...requestDefaults, contextLength: tokens(8192) } })
  if (!verdict.fits) throw new Error('the fixture does not fit')
  const source = { kind: 'path', path: '/srv/models/llama.gguf' } as const
  const compose = deploymentsOf(engine, { placement: verdict.best, machine, source, position: 1 })[0]!.content
  const [service] = Object.values(parse(compose).services) as readonly Record<string, unknown>[]
  expect(service).toMatchObject({
    image,
    entrypoint: ['/bin/sh', '-c'],
    command: [
      "ollama serve & until ollama create llama-of-32-blocks -f /config/Modelfile; do sleep 2; done; until ollama run llama-of-32-blocks ''; do sleep 2; done; wait",
    ],
    volumes: ['/srv/models:/models:ro', 'cache:/root/.ollama'],
    configs: [{ source: 'Modelfile', target: '/config/Modelfile' }],
    environment: { OLLAMA_HOST: '0.0.0.0:11434' },
    // Another model runs beside it, in a container of its own.
    ports: ['127.0.0.1:11435:11434'],
  })
})
