import { findCatalogueHeader } from '../../../../../features/model/catalogue.ts'

interface Context {
  readonly params: Promise<{ readonly id: string }>
}

/** Long enough for a sitting, short enough that a new version of Berth is seen the next day. */
const CACHE_SECONDS = 6 * 60 * 60

/** A catalogue model's header in one mix, so that the planner need not carry the whole catalogue. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const { id } = await params
  const mix = new URL(request.url).searchParams.get('mix') ?? ''
  const header = findCatalogueHeader(id, mix)
  if (!header)
    return Response.json({ code: 'unknown-model', detail: 'The catalogue has no such model or mix.' }, { status: 404 })
  return Response.json(header, { headers: { 'cache-control': `private, max-age=${CACHE_SECONDS}` } })
}
