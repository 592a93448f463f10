import { ref } from 'vue'

export interface Notice { id: number; text: string; bad: boolean }

const LASTS = 5000
let last = 0
export const notices = ref<Notice[]>([])

/** Say what has happened, for some seconds, aloud to screen readers as well. */
export function notify(text: string, bad = false): void {
  const id = ++last
  notices.value.push({ id, text, bad })
  setTimeout(() => { notices.value = notices.value.filter((notice) => notice.id !== id) }, LASTS)
}
