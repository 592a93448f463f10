import { computed, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { begin, change, redo, undo, type History } from './history'
import { changesBetween, designOf, rebase, type Changes, type Design, type Kind, type SettingsAnswer } from './settings'

/** What the designer works on: whose settings, how they are saved, which pictures show them. */
export interface Subject {
  who: 'admin' | 'owner'
  /** The key for the addresses, if this browser knows it. */
  rawKey: string | null
  stored: () => SettingsAnswer | undefined
  fanartAvailable: () => boolean
  /** Members that the server's configuration decides; nobody changes them here. */
  declared?: () => readonly string[]
  save: (changes: Changes) => Promise<void>
}

/** A draft with its history, against what is stored. */
export function useEditor(subject: Subject) {
  const stored = subject.stored()
  if (!stored) throw new Error('the settings have to be there first')
  const saved = shallowRef(designOf(stored))
  const history = shallowRef<History<Design>>(begin(saved.value))
  const kind = ref<Kind>('poster')
  const draft = computed(() => history.value.present)
  const changes = computed(() => changesBetween(saved.value, draft.value))
  const changed = computed(() => Object.keys(changes.value).length)

  const declared = computed(() => new Set(subject.declared?.() ?? []))

  watch(subject.stored, (answer) => {
    if (!answer) return
    const now = designOf(answer)
    if (Object.keys(changesBetween(saved.value, now)).length === 0) return
    history.value = begin(rebase(draft.value, saved.value, now)) // steps back would undo what somebody else saved
    saved.value = now
  })

  function set<M extends keyof Design>(member: M, value: Design[M]): void {
    if (draft.value[member] === value || declared.value.has(member)) return
    history.value = change(history.value, { ...draft.value, [member]: value }, member, performance.now())
  }

  async function save(): Promise<void> {
    const sent = draft.value
    await subject.save(changes.value)
    saved.value = sent
  }

  return {
    subject,
    kind,
    saved,
    draft,
    changed,
    declared,
    set,
    save,
    canUndo: computed(() => history.value.past.length > 0),
    canRedo: computed(() => history.value.future.length > 0),
    undo: () => { history.value = undo(history.value) },
    redo: () => { history.value = redo(history.value) },
    discard: () => { if (changed.value) history.value = change(history.value, saved.value, 'discard', performance.now()) },
  }
}

export type Editor = ReturnType<typeof useEditor>
export const EDITOR: InjectionKey<Editor> = Symbol('editor')
