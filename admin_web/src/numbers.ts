import { words } from './words'

const STEPS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3600], ['minute', 60]] as const
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const whole = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })

/** When, seen from `now` (milliseconds): 3 hr. ago. */
export function ago(at: number | string | Date, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000
  for (const [unit, length] of STEPS) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  return words.time.now
}

export function day(at: number | string | Date): string {
  return new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' })
}

export function moment(at: number | string | Date): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })
}

export function bytes(count: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let at = 0
  let value = count
  while (value >= 1000 && at < units.length - 1) { value /= 1000; at += 1 }
  return `${value >= 100 || at === 0 ? value.toFixed(0) : value.toFixed(1)} ${units[at] ?? ''}`
}

export function count(value: number): string {
  return value < 100_000 ? whole.format(value) : short.format(value)
}

export function percent(part: number, all: number): string {
  if (all === 0) return words.common.none
  const share = (100 * part) / all
  return `${share > 99 && share < 100 ? share.toFixed(1) : share.toFixed(0)} %`
}

/** A span in seconds: 3 d 4 h. */
export function span(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60]
  if (days > 0) return `${String(days)} d ${String(hours)} h`
  if (hours > 0) return `${String(hours)} h ${String(minutes)} min`
  return minutes > 0 ? `${String(minutes)} min` : `${String(Math.floor(seconds))} s`
}

/** A short time in seconds: 4 ms, 1.2 s. */
export function seconds(value: number): string {
  const thousandths = value * 1000
  if (thousandths < 10) return `${thousandths.toFixed(1)} ms`
  return thousandths < 1000 ? `${thousandths.toFixed(0)} ms` : `${value.toFixed(1)} s`
}
