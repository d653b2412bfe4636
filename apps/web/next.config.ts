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
  // `types` checks them, with all packages at once; a start from nothing need not wait for it again.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
}

export default config
