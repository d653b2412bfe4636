import path from 'node:path'
import type { NextConfig } from 'next'

const repositoryRoot = path.join(import.meta.dirname, '../..')

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: repositoryRoot,
  turbopack: { root: repositoryRoot },
  // Workspace packages are run from their TypeScript sources.
  transpilePackages: ['@berth/catalogue', '@berth/core', '@berth/ui'],
  poweredByHeader: false,
  // The API in front of this server compresses; twice would only cost time.
  compress: false,
  images: { unoptimized: true },
}

export default config
