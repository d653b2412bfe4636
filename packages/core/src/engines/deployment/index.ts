import type { LaunchInput, StartedEngine } from '../engine.ts'
import type { LaunchFile } from '../launch.ts'
import { type Served, toCompose } from './compose.ts'
import { contained } from './container.ts'
import { toKubernetes } from './kubernetes.ts'
import { toSystemd } from './systemd.ts'

export const deploymentForms = ['compose', 'systemd', 'kubernetes'] as const
export type DeploymentForm = (typeof deploymentForms)[number]

/** A placement as something that a platform keeps running. */
export interface Deployment extends Pick<LaunchFile, 'name' | 'language' | 'content'> {
  readonly form: DeploymentForm
}

/** Every form in which the engine can be deployed as planned: containers only where its makers publish an image. */
export function deploymentsOf(
  engine: StartedEngine,
  input: LaunchInput,
  launch = engine.launch(input),
): readonly Deployment[] {
  const name = serviceName(input)
  const description = `${engine.name}, ${input.placement.model}`
  const unit = toSystemd({ launch, description, folder: `/etc/${name}` })
  const systemd: Deployment = { form: 'systemd', name: `${name}.service`, language: 'ini', content: unit }
  const { container } = engine
  const inside = container && contained({ ...input, container })
  if (!container || !inside) return engine.isService ? [systemd] : []
  const publishedPort = container.port + (input.position ?? 0)
  const served: Served = { ...inside, container, name, host: input.machine.name, publishedPort }
  return [
    { form: 'compose', name: 'compose.yaml', language: 'yaml', content: toCompose(served) },
    systemd,
    ...(takesNames(served)
      ? [
          {
            form: 'kubernetes' as const,
            name: `${name}.yaml`,
            language: 'yaml' as const,
            content: toKubernetes(served),
          },
        ]
      : []),
  ]
}

/** Whether a pod can be told which of the node's devices it gets. */
const takesNames = ({ devices }: Served): boolean => devices.every(({ backend }) => backend === 'cuda')

/** A DNS label made of the model's name. */
function serviceName({ placement }: LaunchInput): string {
  const label = placement.model
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 50)
    .replace(/-+$/, '')
  return label === '' ? 'model' : /^[a-z]/.test(label) ? label : `model-${label}`
}
