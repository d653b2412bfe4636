import { isRecord } from '../json/check.ts'
import { writePath } from '../json/path-line.ts'
import { lineOf } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import { parseMemory } from '../text/figures.ts'
import type { JsonFormat, LoadedModel } from './format.ts'
import { nothingRead } from './format.ts'

/** `/api/tags` lists models too, but what lies on disk is not loaded: only here has an entry `size_vram`. */
const isLoaded = (entry: unknown): boolean => isRecord(entry) && Object.hasOwn(entry, 'size_vram')

/** `/api/ps` of Ollama: which models are loaded, and how much of each is on devices. It tells neither host nor card. */
export const ollamaPs: JsonFormat = {
  id: 'ollama-ps',
  rank: 90,
  kind: 'json',
  accepts: (value) =>
    isRecord(value) &&
    Array.isArray(value['models']) &&
    value['models'].every(isLoaded) &&
    Object.keys(value).length === 1,
  readJson: (value, section, notes) => {
    const entries = (value as { readonly models: readonly Readonly<Record<string, unknown>>[] }).models
    if (tooMany(entries.length, { notes, line: section.firstLine, what: 'models', limit: limits.loadedModels }))
      return nothingRead
    const models = entries.map((entry, place): LoadedModel | undefined => {
      const [size, sizeOnDevices] = ['size', 'size_vram'].map((field) => {
        const figure = typeof entry[field] === 'number' ? parseMemory(String(entry[field]), 'B') : 'invalid'
        if (figure !== undefined && figure !== 'invalid') return figure
        const path = ['models', place, field]
        const line = lineOf({ path, section, notes })
        notes.refuse('value-invalid', { line, field: writePath(path), detail: String(entry[field]) })
        return undefined
      })
      const name = typeof entry['name'] === 'string' ? entry['name'].slice(0, limits.nameCharacters) : ''
      return size === undefined || sizeOnDevices === undefined ? undefined : { name, size, sizeOnDevices }
    })
    const loaded = models.filter((model) => model !== undefined)
    return { ...nothingRead, observations: [{ line: section.firstLine, cards: [], models: loaded }] }
  },
}
