import type { LaunchInput } from '../engine.ts'
import { configPath } from '../deployment/compose.ts'
import type { ContainerImage } from '../deployment/image.ts'
import type { Launch } from '../launch.ts'
import { OLLAMA_PORT } from './launch.ts'

/** The images of docs/docker.mdx, whose entry point is `ollama`; the Modelfile lies where it is mounted. */
export const containerOf = (
  images: ContainerImage['images'],
  launchOf: (input: LaunchInput) => Launch,
): ContainerImage => ({
  images,
  port: OLLAMA_PORT,
  health: '/api/version',
  probe: ['ollama', 'list'],
  cache: '/root/.ollama',
  launch: (input) => {
    const launch = launchOf(input)
    const mounted = (argument: string): string =>
      launch.files.some(({ name, use }) => name === argument && use === 'needed') ? configPath(argument) : argument
    return {
      ...launch,
      environment: [...launch.environment, { name: 'OLLAMA_HOST', value: `0.0.0.0:${OLLAMA_PORT}` }],
      afterwards: launch.afterwards.map((command) => ({ ...command, arguments: command.arguments.map(mounted) })),
    }
  },
})
