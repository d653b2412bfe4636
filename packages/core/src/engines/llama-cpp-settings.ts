import type { RunRequest, RunSettings } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import type { Tokens } from '../units.ts'

/** The context of a run: 0 asks for what the model was trained for. */
export const contextAsked = (
  { contextLength }: RunRequest,
  { contextLengthTrained }: Pick<Model, 'contextLengthTrained'>,
): Tokens => (contextLength === 0 ? contextLengthTrained : contextLength)

/** Where flash attention is a flag, it is off unless it is asked for. */
export const flagOf = ({ flashAttention }: RunRequest): 'on' | 'off' => (flashAttention === 'on' ? 'on' : 'off')

/**
 * `llama-server` of llama.cpp. It states the rows of logits it will ask for (`server_output_limits`), so that the output
 * layer's device holds one row a slot instead of one a token of the ubatch; `-c 0` becomes the trained context.
 */
export function llamaServerSettings(request: RunRequest, model: Model): RunSettings {
  const contextLength = contextAsked(request, model)
  const batchSize = Math.min(contextLength, request.batchSize)
  return {
    ...request,
    contextLength,
    outputsMax: Math.max(1, Math.min(batchSize, request.parallel)),
    pipelineAllowed: true,
  }
}
