import { toYaml, type YamlValue } from '../yaml.ts'
import { type Contained, MODELS } from './container.ts'
import type { ContainerImage } from './image.ts'
import { entryOf } from './entry.ts'
import { hostDevices } from './host-devices.ts'

export interface Served extends Contained {
  readonly name: string
  readonly container: ContainerImage
  /** Name of the machine, as its scheduler or its people know it. */
  readonly host: string
  /** Port of the host at which Compose publishes the engine's own. */
  readonly publishedPort: number
}

/** Files that a launch needs, mounted beside the engine. */
export const filesOf = ({ launch }: Contained) => launch.files.filter(({ use }) => use === 'needed')

/** One service of a Compose file (Compose Specification; `docker compose up`). A `$` would be a variable of Compose. */
export function toCompose(served: Served): string {
  const { name, image, launch, container, modelFolder, publishedPort } = served
  const files = filesOf(served)
  const { program, list } = entryOf(launch)
  const service: YamlValue = {
    image,
    restart: 'unless-stopped',
    ...(program && { entrypoint: program }),
    ...(list.length > 0 && { command: list.map(escaped) }),
    environment: Object.fromEntries(launch.environment.map((one) => [one.name, escaped(one.value)])),
    ports: [`127.0.0.1:${publishedPort}:${container.port}`],
    volumes: [
      ...(modelFolder === undefined ? [] : [`${escaped(modelFolder)}:${MODELS}:ro`]),
      `cache:${container.cache}`,
    ],
    ...(files.length > 0 && { configs: files.map((file) => ({ source: file.name, target: configPath(file.name) })) }),
    ...(container.probe && { healthcheck: { test: ['CMD', ...container.probe], start_period: '10m' } }),
    ...hostDevices(served.devices),
  }
  const configs = Object.fromEntries(files.map((file) => [file.name, { content: escaped(file.content) }]))
  return toYaml({
    services: { [name]: service },
    volumes: { cache: {} },
    ...(files.length > 0 && { configs }),
  })
}

/** Where a file that the launch needs is seen within the container. */
export const configPath = (name: string): string => `/config/${name}`

const escaped = (text: string): string => text.replaceAll('$', '$$$$')
