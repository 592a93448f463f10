import { nextTick, ref, useTemplateRef, watch, type Ref } from 'vue'
import { Failure, messageOf } from '@/api/client'
import { words } from '@/words'

interface Plan<N extends string> {
  /** What is typed, by the names of the fields. */
  fields: Record<N, Ref<string>>
  /** What is wrong beyond what the fields say of themselves (`required`, `min`, a date that is none). */
  check?: () => Partial<Record<NoInfer<N>, string>>
  send: () => Promise<unknown>
  /** The field that a refusal is about, where its message does not begin with the name of one. */
  blame?: (failure: Failure) => NoInfer<N> | undefined
}

/**
 * A form that says what is wrong where it is wrong: with a field, beside it, and the focus goes to the first of these; with the whole,
 * in `failed`. What is typed anew is taken for right until it is sent again. The form has the template ref `form`.
 */
export function useForm<N extends string>({ fields, check, send, blame }: Plan<N>) {
  const names = Object.keys(fields) as N[]
  const form = useTemplateRef<HTMLFormElement>('form')
  const wrong = ref<Partial<Record<string, string>>>({})
  const failed = ref('')
  const busy = ref(false)
  let turn = 0
  let refused = false

  watch(names.map((name) => fields[name]), (now, before) => {
    const found: Partial<Record<N, string>> = check?.() ?? {}
    const stays = names.filter((name, at) => now[at] === before[at] && (refused || found[name]))
    wrong.value = Object.fromEntries(stays.map((name) => [name, wrong.value[name]]))
  })

  function problems(): Partial<Record<N, string>> {
    const found: Partial<Record<N, string>> = check?.() ?? {}
    const list = names.map((name) => {
      const control = form.value?.elements.namedItem(name)
      const own = control instanceof HTMLInputElement ? control : undefined
      return [name, (own && lacking(own)) || found[name] || (own && outside(own))] as const
    })
    return Object.fromEntries(list.filter(([, problem]) => problem)) as Partial<Record<N, string>>
  }

  async function show(found: Partial<Record<N, string>>): Promise<void> {
    wrong.value = found
    await nextTick()
    const first = form.value?.querySelector<HTMLElement>('[aria-invalid=true]')
    first?.closest('details')?.setAttribute('open', '')
    first?.focus()
  }

  function reset(): void {
    turn += 1
    busy.value = refused = false
    failed.value = ''
    wrong.value = {}
  }

  async function submit(): Promise<void> {
    if (busy.value) return
    reset()
    const found = problems()
    if (Object.keys(found).length > 0) return show(found)
    const mine = turn
    busy.value = true
    try {
      await send()
    } catch (error) {
      if (mine !== turn) return // the form was closed meanwhile
      const name = error instanceof Failure ? (blame?.(error) ?? named(error, names)) : undefined
      refused = true
      if (name) await show({ [name]: messageOf(error) } as Partial<Record<N, string>>)
      else failed.value = messageOf(error)
    } finally {
      if (mine === turn) busy.value = false
    }
  }

  return { wrong, failed, busy, submit, reset }
}

/** That a required field is empty, in our words and not in the browser's. */
function lacking(control: HTMLInputElement): string {
  const empty = control.type === 'password' ? control.value === '' : control.value.trim() === ''
  return control.required && empty && !control.validity.badInput ? words.form.needed : ''
}

/** That a date or a number is none, or beyond its bounds. */
function outside({ validity }: HTMLInputElement): string {
  if (validity.badInput) return words.form.unfinished // or half a date would be none at all
  return validity.rangeUnderflow || validity.rangeOverflow ? words.form.outside : ''
}

/** The service names the field first: `username must not hold white space`. */
function named<N extends string>(failure: Failure, names: N[]): N | undefined {
  const first = /^\w+/.exec(failure.message)?.[0].toLowerCase()
  return failure.status >= 400 && failure.status < 500 ? names.find((name) => name === first) : undefined
}
