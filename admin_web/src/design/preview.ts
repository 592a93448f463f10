import { onScopeDispose, ref, watch } from 'vue'
import { messageOf, picture } from '@/api/client'
import { latestOnly } from './latest'

/** The picture at `path` as an object URL; the one before stays until the next is decoded. */
export function usePicture(path: () => string | null, who: 'admin' | 'owner') {
  const url = ref<string | null>(null)
  const failed = ref<string | null>(null)
  const busy = ref(false)
  let gone = false

  function show(next: string | null): void {
    if (url.value) URL.revokeObjectURL(url.value)
    url.value = next
  }

  const load = latestOnly(async (from: string) => {
    busy.value = true
    try {
      const next = URL.createObjectURL(await picture(from, who))
      const image = new Image()
      image.src = next
      await image.decode().catch(() => undefined) // what cannot be decoded shows as its alternative text
      if (gone) URL.revokeObjectURL(next)
      else show(next)
      failed.value = null
    } catch (error) {
      failed.value = messageOf(error)
    } finally {
      busy.value = false
    }
  })

  watch(path, (from) => { if (from) load(from) }, { immediate: true })
  onScopeDispose(() => { gone = true; show(null) })
  return { url, failed, busy }
}
