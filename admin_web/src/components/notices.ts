import { ref, shallowRef } from 'vue'

export interface Notice { id: number; text: string; bad: boolean }

const LASTS = 5000
let last = 0
export const notices = ref<Notice[]>([])

/** Places for bad news within the dialogs that are open, the topmost last: a dialog keeps the keyboard and screen readers inside. */
export const places = shallowRef<HTMLElement[]>([])

/** Say what has happened, aloud to screen readers as well: good news for some seconds, bad news until somebody has read it. */
export function notify(text: string, bad = false): void {
  const id = ++last
  if (bad) notices.value = notices.value.filter((notice) => !notice.bad || notice.text !== text) // said again, not twice
  notices.value.push({ id, text, bad })
  if (!bad) setTimeout(() => { dismiss(id) }, LASTS)
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}
