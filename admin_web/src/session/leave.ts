import { useQueryClient } from '@tanstack/vue-query'
import { useRouter } from 'vue-router'
import { messageOf } from '@/api/client'
import { notify } from '@/components/notices'
import { signOut } from './account'

/** What signs the admin out and leads to the login; where the service cannot be told, a notice says so. */
export function useLeave(): () => Promise<void> {
  const queries = useQueryClient()
  const router = useRouter()
  return async () => {
    try {
      await signOut(queries)
      await router.replace('/login')
    } catch (error) {
      notify(messageOf(error), true)
    }
  }
}
