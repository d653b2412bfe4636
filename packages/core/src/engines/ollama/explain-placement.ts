import type { Machine } from '../../machine/machine.ts'
import { counted } from '../../memory/explain.ts'
import { formatBytes, groupThousands } from '../../units.ts'
import type { OllamaStep } from './ollama-step.ts'

type Of<Code> = Extract<OllamaStep, { readonly code: Code }>
type Sentences = { readonly [Code in OllamaStep['code']]: (step: Of<Code>, machine: Machine) => string }

/** One decision of Ollama as a sentence with its numbers. */
export const explainOllamaStep = <Code extends OllamaStep['code']>(step: Of<Code>, machine: Machine): string =>
  sentences[step.code](step, machine)

const sentences: Sentences = {
  'default-context': ({ totalMemory, tier, numCtx }) => {
    const cut = numCtx < tier ? `, of which the model was trained for ${groupThousands(numCtx)}` : ''
    return `GPUs of ${formatBytes(totalMemory)} in all are given a context of ${groupThousands(tier)} tokens a slot${cut}.`
  },
  'flash-attention-off': ({ device }, { devices }) => {
    const name = devices.find(({ id }) => id === device)?.name ?? device
    return `${name} has no kernels for flash attention, so it is turned off.`
  },
  predicted: ({ total, weights, cache, blocks, headsKv, headLength, contextLength }) => {
    const product = `2 × ${blocks} blocks × ${headsKv} KV heads × ${headLength} × ${groupThousands(contextLength)} tokens × 2 bytes`
    return `Ollama predicts ${formatBytes(total)}: the file's ${formatBytes(weights)} and a cache of ${formatBytes(cache)} (${product}).`
  },
  selected: ({ because, predicted, singleLimit, gpus, found, available }) => {
    if (because === 'only') return found === 0 ? 'Ollama finds no GPU.' : 'There is one GPU to choose from.'
    if (because === 'one-gpu') {
      return `That is within 80 % of what one GPU has free, so it is given to a single one of ${found}, with ${formatBytes(available)} free.`
    }
    const over =
      predicted > singleLimit
        ? `${formatBytes(predicted)} is more than 80 % of any GPU's free memory`
        : 'It is told to spread models'
    return `${over} (${formatBytes(singleLimit)} at most), so it is given to ${counted(gpus.length, 'GPU')} with ${formatBytes(available)} free together.`
  },
  batch: ({ batch }) => `It chooses a batch of ${groupThousands(batch)} tokens, computed in one pass.`,
  'host-only': () => 'All layers stay with the processor.',
  'layers-set': ({ layers, layerCount }) =>
    `num_gpu puts ${layers} of ${counted(layerCount, 'layer')} on the GPUs; llama-server's fit then changes nothing.`,
  fitted: ({ outcome, margins, layers, layerCount }) => {
    const free = margins.map((margin) => formatBytes(margin)).join(', ')
    if (outcome === 'failed') return `llama-server's fit finds no way to leave ${free} free, and loads all the same.`
    return `llama-server's own fit, told to leave ${free} free, puts ${layers} of ${counted(layerCount, 'layer')} on the GPUs.`
  },
}
