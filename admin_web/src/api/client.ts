import createClient from 'openapi-fetch'
import { useSession } from '@/session/store'
import { words } from '@/words'
import type { paths } from './schema'

/** What went wrong, in words for a person. `status` is 0 when the service was not reached. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

const listeners = new Set<() => void>()

/** Be told when a session has ended although nobody signed out. */
export function onSessionEnd(listener: () => void): void {
  listeners.add(listener)
}

async function send(request: Request, token: string | null): Promise<Response> {
  const headers = new Headers(request.headers)
  if (token !== null) headers.set('Authorization', `Bearer ${token}`)
  try {
    return await fetch(new Request(request, { headers, credentials: 'same-origin' }))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Failure(words.errors.offline, 0)
  }
}

/** A request of the admin who is logged in; the session is renewed when it has to be. */
async function asAdmin(request: Request): Promise<Response> {
  const session = useSession()
  const again = request.clone()
  let token: string | null
  try {
    token = await session.adminToken()
  } catch {
    throw new Failure(words.errors.offline, 0)
  }
  const answer = await send(request, token)
  if (answer.status !== 401 || token === null) return answer
  const fresh = await session.renew(token).catch(() => token)
  if (fresh === null) {
    listeners.forEach((listener) => { listener() })
    return answer
  }
  return fresh === token ? answer : send(again, fresh)
}

async function asOwner(request: Request): Promise<Response> {
  const session = useSession()
  const answer = await send(request, session.keyToken)
  if (answer.status === 401 && session.isOwner) {
    session.forgetOwner()
    listeners.forEach((listener) => { listener() })
  }
  return answer
}

const baseUrl = location.origin
export const anybody = createClient<paths>({ baseUrl, fetch: (request: Request) => send(request, null) })
export const admin = createClient<paths>({ baseUrl, fetch: asAdmin })
export const owner = createClient<paths>({ baseUrl, fetch: asOwner })

interface Outcome<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; Failure when it was refused. */
export async function data<T>(pending: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  const outcome = await pending
  if (outcome.response.ok && outcome.data !== undefined && outcome.data !== null) return outcome.data
  throw failure(outcome.response, outcome.error)
}

/** A picture that needs a session. */
export async function picture(path: string, who: 'admin' | 'owner', signal?: AbortSignal): Promise<Blob> {
  const request = new Request(new URL(path, baseUrl), signal ? { signal } : {})
  const answer = await (who === 'admin' ? asAdmin(request) : asOwner(request))
  if (!answer.ok) throw failure(answer, await answer.json().catch(() => undefined))
  return answer.blob()
}

function failure(response: Response, body: unknown): Failure {
  const told = typeof body === 'object' && body !== null && 'error' in body ? body.error : body
  const known = words.errors.byStatus[response.status]
  if (response.status === 429 || response.status >= 500) {
    const wait = response.headers.get('retry-after')
    return new Failure(response.status === 429 && wait ? words.errors.tooMany(wait) : typeof told === 'string' && told ? sentence(told) : (known ?? words.errors.other), response.status)
  }
  return new Failure(typeof told === 'string' && told && told !== 'Unauthorized' ? sentence(told) : (known ?? words.errors.other), response.status)
}

function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?]$/.test(trimmed) ? '' : '.')
}

/** The message to show for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Failure ? error.message : words.errors.other
}
