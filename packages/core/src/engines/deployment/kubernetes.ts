import { toYaml, type YamlValue } from '../yaml.ts'
import { configPath, filesOf, type Served } from './compose.ts'
import { entryOf } from './entry.ts'
import { MODELS } from './container.ts'
import { nvidiaId } from './host-devices.ts'

/**
 * For NVIDIA's cards only: other plugins take no names. A Deployment bound to the planned node, with a Service and, where the launch brings files, a ConfigMap. NVIDIA's device
 * plugin hands out any free GPUs, so the planned ones are named to its container runtime instead of being counted as
 * `nvidia.com/gpu`: no other plan of the node may use the plugin for them.
 */
export function toKubernetes(served: Served): string {
  const { name, container } = served
  const labels = { 'app.kubernetes.io/name': name }
  const metadata = { name, labels }
  const files = filesOf(served)
  const documents: readonly YamlValue[] = [
    ...(files.length === 0
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata,
            data: Object.fromEntries(files.map((one) => [one.name, one.content])),
          },
        ]),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // The GPUs' memory is free for the next only when the last is gone.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(served) },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: container.port, targetPort: container.port }] },
    },
  ]
  return documents.map(toYaml).join('---\n')
}

function podSpec(served: Served): YamlValue {
  const { host, image, launch, container, devices, modelFolder } = served
  const files = filesOf(served)
  const visible =
    devices.length === 0 ? [] : [{ name: 'NVIDIA_VISIBLE_DEVICES', value: devices.map(nvidiaId).join(',') }]
  return {
    nodeSelector: { 'kubernetes.io/hostname': host },
    ...(devices.length > 0 && { runtimeClassName: 'nvidia' }),
    containers: [
      {
        name: 'engine',
        image,
        ...started(served),
        env: [...visible, ...launch.environment.map(({ name, value }) => ({ name, value: escaped(value) }))],
        ports: [{ containerPort: container.port }],
        // A large model takes minutes to load.
        startupProbe: {
          httpGet: { path: container.health, port: container.port },
          periodSeconds: 10,
          failureThreshold: 360,
        },
        readinessProbe: { httpGet: { path: container.health, port: container.port } },
        volumeMounts: [
          { name: 'cache', mountPath: container.cache },
          ...(modelFolder === undefined ? [] : [{ name: 'models', mountPath: MODELS, readOnly: true }]),
          ...files.map((file) => ({
            name: 'config',
            mountPath: configPath(file.name),
            subPath: file.name,
            readOnly: true,
          })),
        ],
      },
    ],
    volumes: [
      { name: 'cache', emptyDir: {} },
      ...(modelFolder === undefined ? [] : [{ name: 'models', hostPath: { path: modelFolder, type: 'Directory' } }]),
      ...(files.length === 0 ? [] : [{ name: 'config', configMap: { name: served.name } }]),
    ],
  }
}

function started({ launch }: Served): { readonly [key: string]: YamlValue } {
  const { program, list } = entryOf(launch)
  return { ...(program && { command: program }), ...(list.length > 0 && { args: list.map(escaped) }) }
}

/** `$(NAME)` is replaced by Kubernetes; `$$` stands for one dollar. */
const escaped = (text: string): string => text.replaceAll('$(', '$$$$(')
