import { SourceError } from './issue.ts'
import { shownUrl } from './shown.ts'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

export const isRedirect = (response: Response): boolean => REDIRECTS.has(response.status)

/**
 * Where a redirect leads. Never from https to http.
 *
 * @throws SourceError `bad-redirect`
 */
export const redirectTarget = (response: Response, from: URL): URL => {
  const wrong = (problem: string): SourceError =>
    new SourceError({ code: 'bad-redirect', address: shownUrl(from), problem })
  const location = response.headers.get('location')
  if (location === null) throw wrong('it names no location')
  if (!URL.canParse(location, from.href)) throw wrong('its location is not a URL')
  const target = new URL(location, from.href)
  if (target.protocol !== 'https:' && target.protocol !== 'http:') throw wrong(`it leads to ${target.protocol}`)
  if (from.protocol === 'https:' && target.protocol === 'http:') throw wrong('it leads from https to http')
  if (target.username !== '' || target.password !== '') throw wrong('its location carries a user name or password')
  return target
}
