import { createHttpSource, type Hub, hubError, hubFileUrl, hubToken, listRepository, shownUrl } from '@berth/sources'
import type { Exl2Address } from '../address.ts'
import type { Folder } from '../folder.ts'

type HubFolder = Extract<Exl2Address, { kind: 'hub-folder' }>

/** The folder's page, which can be opened, and read again as an address. */
const pageOf = ({ endpoint }: Hub, { repo, revision, folder }: Omit<HubFolder, 'kind'>): URL => {
  const parts = [...repo.split('/'), 'tree', revision, ...(folder === '' ? [] : folder.split('/'))]
  return new URL(parts.map((part) => encodeURIComponent(part)).join('/'), `${endpoint.href.replace(/\/+$/, '')}/`)
}

/** A folder of a repository on the hub, at one revision. */
export const createHubFolder = (hub: Hub, { repo, revision, folder }: HubFolder): Folder => {
  const prefix = folder === '' ? '' : `${folder}/`
  const urlOf = (name: string): URL => hubFileUrl(hub.endpoint, { repo, revision, path: prefix + name })
  return {
    address: shownUrl(pageOf(hub, { repo, revision, folder })),
    list: async () => {
      const path = folder === '' ? undefined : folder
      const paths = await listRepository(hub, { repo, revision, path, recursive: false })
      return paths.flatMap((each) => {
        const name = each.startsWith(prefix) ? each.slice(prefix.length) : ''
        return name === '' || name.includes('/') ? [] : [name]
      })
    },
    open: async (name, { steps, maxBytes }) => {
      const url = urlOf(name)
      return createHttpSource({
        transport: hub.transport,
        url,
        token: hubToken(hub, url),
        fileName: name,
        steps,
        maxHeaderBytes: maxBytes,
        explainStatus: (error, response) => hubError(repo, error, response),
      })
    },
  }
}
