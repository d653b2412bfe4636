import type { ContainerImage } from './deployment/image.ts'
import { LLAMA_SERVER_PORT as PORT, launchLlamaServer } from './llama-cpp-launch.ts'

const CACHE = '/cache'

/** The images of llama.cpp's docs/docker.md, whose entry point is `llama-server`. */
export const container: ContainerImage = {
  images: {
    cuda: 'ghcr.io/ggml-org/llama.cpp:server-cuda',
    rocm: 'ghcr.io/ggml-org/llama.cpp:server-rocm',
    vulkan: 'ghcr.io/ggml-org/llama.cpp:server-vulkan',
    sycl: 'ghcr.io/ggml-org/llama.cpp:server-intel',
    cpu: 'ghcr.io/ggml-org/llama.cpp:server',
  },
  port: PORT,
  health: '/health',
  probe: ['curl', '-f', `http://localhost:${PORT}/health`],
  cache: CACHE,
  launch: (input) => {
    const launch = launchLlamaServer(input)
    return {
      ...launch,
      environment: [...launch.environment, { name: 'LLAMA_CACHE', value: CACHE }],
      arguments: [...launch.arguments, ...['--host', '0.0.0.0'], ...['--port', String(PORT)]],
    }
  },
}
