/** LLAMA_CPP_VERSION of Ollama 0.31 (July 2026). */
export const LLAMA_CPP_BUILD = 10_091

/** The commit 2016f07 of April 2025, in Ollama 0.6.7 and 0.6.8; before, d7cfe1f, which is b4779. Both allocate alike. */
export const EARLIER_LLAMA_CPP_BUILD = 5160
