import { inject } from 'vue'
import { EDITOR, type Editor } from './editor'

export function theEditor(): Editor {
  const editor = inject(EDITOR)
  if (!editor) throw new Error('outside of a designer')
  return editor
}
