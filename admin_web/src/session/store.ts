import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { alone } from './lock'
import { endsSoon } from './tokens'

const TOKEN = 'token'
const KEY_TOKEN = 'apiKeyToken'
const RAW_KEY = 'apiKey'

/** Who is logged in: an admin (for this browser), or the owner of a key (for this tab). */
export const useSession = defineStore('session', () => {
  const token = ref(localStorage.getItem(TOKEN))
  const keyToken = ref(sessionStorage.getItem(KEY_TOKEN))
  const rawKey = ref(sessionStorage.getItem(RAW_KEY))
  /** Keys created on this page, by id: the service tells them once. */
  const createdKeys = ref(new Map<number, string>())
  /** A token that was spent by this browser's clock when it came: the clock is wrong, so the service has to say when it ends. */
  let untimed: string | null = null
  const isAdmin = computed(() => token.value !== null)
  const isOwner = computed(() => keyToken.value !== null)

  window.addEventListener('storage', (event) => {
    if (event.key === TOKEN || event.key === null) token.value = localStorage.getItem(TOKEN) // another tab did something
  })

  function become(admin: string): void {
    token.value = admin
    untimed = endsSoon(admin, Date.now()) ? admin : null
    localStorage.setItem(TOKEN, admin)
  }

  function becomeOwner(owner: string, key: string): void {
    keyToken.value = owner
    rawKey.value = key
    sessionStorage.setItem(KEY_TOKEN, owner)
    sessionStorage.setItem(RAW_KEY, key)
  }

  function forget(): void {
    token.value = null
    createdKeys.value.clear()
    localStorage.removeItem(TOKEN)
  }

  function forgetOwner(): void {
    keyToken.value = rawKey.value = null
    sessionStorage.removeItem(KEY_TOKEN)
    sessionStorage.removeItem(RAW_KEY)
  }

  /**
   * Another token in place of `spent`, or null when the session is over. A refresh cookie is good once, and using it twice
   * ends the session everywhere: so tabs take turns, and whoever comes second finds the first one's token.
   */
  async function renew(spent: string): Promise<string | null> {
    return alone(async () => {
      const stored = localStorage.getItem(TOKEN)
      if (stored !== spent) {
        token.value = stored
        return stored
      }
      const answer = await fetch('/api/auth/refresh', { method: 'POST', credentials: 'same-origin' })
      if (answer.status === 401) {
        forget()
        return null
      }
      if (!answer.ok) throw new TypeError(`renewal answered ${String(answer.status)}`) // a moment's trouble ends no session
      const { token: fresh } = (await answer.json()) as { token: string }
      become(fresh)
      return fresh
    })
  }

  /** A token good for a request now. */
  async function adminToken(): Promise<string | null> {
    const held = token.value
    return held !== null && held !== untimed && endsSoon(held, Date.now()) ? renew(held) : held
  }

  return { token, keyToken, rawKey, createdKeys, isAdmin, isOwner, become, becomeOwner, forget, forgetOwner, renew, adminToken }
})
