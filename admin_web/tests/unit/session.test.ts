import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { data, Failure, picture } from '@/api/client'
import { useSession } from '@/session/store'
import { endsSoon, expiresAt } from '@/session/tokens'

const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const token = (exp: number) => `h.${btoa(JSON.stringify({ exp }))}.s`

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  setActivePinia(createPinia())
  vi.restoreAllMocks()
})

describe('renewal', () => {
  it('uses a refresh cookie once, however many requests find the token spent', async () => {
    const sent = vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(answer(200, { token: 'new' })))
    const session = useSession()
    session.become('old')
    expect(await Promise.all([session.renew('old'), session.renew('old'), session.renew('old')])).toEqual(['new', 'new', 'new'])
    expect(sent).toHaveBeenCalledTimes(1)
  })

  it("takes another tab's token instead of renewing again", async () => {
    const sent = vi.spyOn(globalThis, 'fetch')
    const session = useSession()
    session.become('old')
    localStorage.setItem('token', 'theirs')
    expect(await session.renew('old')).toBe('theirs')
    expect(sent).not.toHaveBeenCalled()
  })

  it('ends the session when it is refused, and not when the service is in trouble', async () => {
    const session = useSession()
    session.become('old')
    vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(answer(503, {}))
    await expect(session.renew('old')).rejects.toThrow()
    expect(session.isAdmin).toBe(true)
    vi.spyOn(globalThis, 'fetch').mockResolvedValueOnce(answer(401, {}))
    expect(await session.renew('old')).toBeNull()
    expect(session.isAdmin).toBe(false)
  })

  it('asks before a token ends', () => {
    expect(expiresAt(token(100))).toBe(100_000)
    expect(endsSoon(token(100), 80_000)).toBe(true)
    expect(endsSoon(token(100), 10_000)).toBe(false)
    expect(expiresAt('nonsense')).toBeNull()
  })
})

describe('requests', () => {
  it('are repeated once with the new token after a 401', async () => {
    useSession().become('old')
    const sent = vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
      const url = input instanceof Request ? input.url : String(input)
      if (url.endsWith('/refresh')) return Promise.resolve(answer(200, { token: 'new' }))
      const bearer = input instanceof Request ? input.headers.get('authorization') : null
      return Promise.resolve(bearer === 'Bearer new' ? new Response(new Blob(['x'])) : answer(401, {}))
    })
    await picture('/api/admin/preview/poster', 'admin')
    expect(sent).toHaveBeenCalledTimes(3)
  })

  it('fail in words', async () => {
    vi.spyOn(globalThis, 'fetch').mockRejectedValueOnce(new TypeError('network'))
    await expect(picture('/x', 'owner')).rejects.toMatchObject({ status: 0 })
    const refused = data(Promise.resolve({ error: { error: 'a name is missing' }, response: answer(400, {}) }))
    await expect(refused).rejects.toEqual(new Failure('A name is missing.', 400))
  })
})
