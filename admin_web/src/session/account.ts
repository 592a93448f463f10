import type { QueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { admin, anybody, data } from '@/api/client'
import type { SchemaAuthStatus } from '@/api/schema'
import { useSession } from './store'

let setupRequired: boolean | undefined

/** Whether there are pages for visitors; taken for so until the service has said otherwise. */
export const publicPages = ref(true)

/** What anybody may know; whether setup is required is remembered once it is not. */
export async function status(): Promise<SchemaAuthStatus> {
  const answer = await data(anybody.GET('/api/auth/status'))
  setupRequired = answer.setup_required
  publicPages.value = answer.public_pages
  return answer
}

/** Whether there is no admin yet. False when the service cannot be asked. */
export async function needsSetup(): Promise<boolean> {
  if (setupRequired === false) return false
  return status().then((answer) => answer.setup_required, () => false)
}

export async function setUp(username: string, password: string, setupToken: string): Promise<void> {
  const body = { username, password, ...(setupToken ? { setup_token: setupToken } : {}) }
  const { token } = await data(anybody.POST('/api/auth/setup', { body }))
  setupRequired = false
  useSession().become(token)
}

export async function logIn(username: string, password: string): Promise<void> {
  const { token } = await data(anybody.POST('/api/auth/login', { body: { username, password } }))
  useSession().become(token)
}

export async function logInWithKey(key: string): Promise<void> {
  const { token } = await data(anybody.POST('/api/auth/key-login', { body: { api_key: key } }))
  useSession().becomeOwner(token, key)
}

/** End the admin's sessions, on all devices. Failure when the service was not reached: then nothing has ended. */
export async function signOut(queries: QueryClient): Promise<void> {
  await data(admin.POST('/api/auth/logout')).catch((error: unknown) => {
    if (useSession().isAdmin) throw error
  })
  useSession().forget()
  queries.clear()
}
