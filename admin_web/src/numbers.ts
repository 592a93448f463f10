import { localeOf } from './locale'
import { words } from './words'

export const locale = localeOf(words.language)
const STEPS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]] as const
const BYTES = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
const whole = new Intl.NumberFormat(locale)
const short = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })
const enumeration = new Intl.ListFormat(locale, { type: 'unit', style: 'short' })
const spans = new Intl.ListFormat(locale, { type: 'unit', style: 'narrow' })

/** A number with its unit, as the language writes it: 1.2 sec, 30.0 GB. */
function measured(value: number, unit: string, digits: number, unitDisplay: 'short' | 'narrow' = 'short'): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
}

/** When, seen from `now` (milliseconds): 3 hr. ago. */
export function ago(at: number | string | Date, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000
  for (const [unit, length] of STEPS) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  return words.time.now
}

export function day(at: number | string | Date): string {
  return new Date(at).toLocaleDateString(locale, { dateStyle: 'medium' })
}

export function moment(at: number | string | Date): string {
  return new Date(at).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
}

export function bytes(count: number): string {
  let at = 0
  let value = count
  while (value >= 1000 && at < BYTES.length - 1) { value /= 1000; at += 1 }
  return measured(value, BYTES[at] ?? 'byte', value >= 100 || at === 0 ? 0 : 1)
}

/** A bound that people choose, in whole kilobytes. */
export function kilobytes(count: number): string {
  return measured(Math.round(count / 1000), 'kilobyte', 0)
}

export function count(value: number): string {
  return value < 100_000 ? whole.format(value) : short.format(value)
}

export function percent(part: number, all: number): string {
  if (all === 0) return words.common.none
  const share = part / all
  const digits = share > 0.99 && share < 1 ? 1 : 0
  const shown = digits === 1 ? Math.floor(share * 1000) / 1000 : share // nearly all is not all
  return shown.toLocaleString(locale, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** A span in seconds: 3d 4h. */
export function span(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  const part = (value: number, unit: string): string => measured(value, unit, 0, 'narrow')
  if (days > 0) return spans.format([part(days, 'day'), part(hours, 'hour')])
  if (hours > 0) return spans.format([part(hours, 'hour'), part(minutes, 'minute')])
  return minutes > 0 ? part(minutes, 'minute') : part(Math.floor(seconds), 'second')
}

/** A short time in seconds: 4.0 ms, 1.2 sec. */
export function seconds(value: number): string {
  const thousandths = value * 1000
  if (thousandths < 1000) return measured(thousandths, 'millisecond', thousandths < 10 ? 1 : 0)
  return measured(value, 'second', 1)
}

/** Names one after the other: IMDb, TMDB. */
export function list(names: readonly string[]): string {
  return names.length > 0 ? enumeration.format(names) : words.common.none
}
