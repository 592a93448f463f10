const LONGEST = 200
const TOGETHER = 700

/** States, undone and redone. Changes of one `subject` in quick succession are one step. */
export interface History<T> {
  readonly past: readonly T[]
  readonly present: T
  readonly future: readonly T[]
  readonly subject: string | null
  readonly at: number
}

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [], subject: null, at: 0 }
}

/** `at` is the time in milliseconds. */
export function change<T>(history: History<T>, present: T, subject: string, at: number): History<T> {
  const goesOn = history.subject === subject && at - history.at < TOGETHER && history.past.length > 0
  const past = goesOn ? history.past : [...history.past, history.present].slice(-LONGEST)
  return { past, present, future: [], subject, at }
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1)
  if (present === undefined) return history
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future], subject: null, at: 0 }
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future
  if (present === undefined) return history
  return { past: [...history.past, history.present], present, future, subject: null, at: 0 }
}
