import { exllamav2Story } from './exllamav2.ts'
import { koboldcppStory } from './koboldcpp.ts'
import { llamafileStory } from './llamafile.ts'
import { llamasharpStory } from './llamasharp.ts'
import { ollamaStory } from './ollama.ts'
import type { Story } from './story.ts'

/** Failures that users had, each with what Berth says of it. */
export const stories: readonly Story[] = [llamafileStory, koboldcppStory, llamasharpStory, ollamaStory, exllamav2Story]

export const findStory = (id: string): Story | undefined => stories.find((story) => story.id === id)
