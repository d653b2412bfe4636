import type { ModelSource } from '../../engines/engine.ts'

/** Where downloads of models are commonly kept, and what TabbyAPI calls `model_dir` by default. */
const DOWNLOADS = 'models'

/** The folder that an ExLlama engine is pointed at; of a repository on the hub, where it is put. */
export interface ModelFolder {
  readonly parent: string
  readonly name: string
}

/** ExLlama downloads nothing: a repository lies in a folder of its name, with the revision that names its bits. */
export function modelFolder(source: ModelSource): ModelFolder {
  if (source.kind === 'hub') {
    const name = source.repository.slice(source.repository.lastIndexOf('/') + 1)
    const { revision = 'main' } = source
    return { parent: DOWNLOADS, name: revision === 'main' ? name : `${name}-${revision.replaceAll('/', '-')}` }
  }
  const path = source.path.replace(/[/\\]+$/, '')
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  if (at === -1) return { parent: '.', name: path }
  return { parent: path.slice(0, Math.max(1, at)), name: path.slice(at + 1) }
}

/** The whole path, by whichever separator it was written with. */
export function folderPath(source: ModelSource): string {
  if (source.kind === 'path') return source.path
  const { parent, name } = modelFolder(source)
  return `${parent}/${name}`
}
