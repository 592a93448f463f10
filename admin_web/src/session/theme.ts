import { ref } from 'vue'

export type Theme = 'system' | 'light' | 'dark'
const stored = document.documentElement.dataset['theme']
export const theme = ref<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')

export function choose(next: Theme): void {
  theme.value = next
  if (next === 'system') {
    delete document.documentElement.dataset['theme']
    localStorage.removeItem('theme')
  } else {
    document.documentElement.dataset['theme'] = next
    localStorage.setItem('theme', next)
  }
}
